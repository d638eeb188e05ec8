"""Sources of the settings' defaults: public pages, each with what it states.

A default without a published source is *assumed*; if it was derived from something, that follows after a colon.
"""

ASSUMED = "assumed"

SOP = "the SOP: very rarely"
VMS_FLOW = "Increff's page on the Ajio VMS flow, https://increff.atlassian.net/wiki/spaces/IO/pages/363693025/Ajio+VMS+Integration+Flow"
VMS_HOLD = (
    "hold of at least 4.5 h, less the window of 4 h: Increff's page on Ajio, "
    "https://support.increff.com/support/solutions/articles/36000237862-ajio-dropship-via-vms-integration"
)
MANIFEST = (
    "at most 250: Increff's page on Ajio, "
    "https://support.increff.com/support/solutions/articles/36000237862-ajio-dropship-via-vms-integration"
)
AVAILABILITY = (
    "99.5 %, 3.6 hours a month, is typical of a cloud ERP: https://erp-software.org/en/glossary/sla/; "
    "one outage of 3.6 hours a month is `days_between_mean` = 30"
)
IRPS = (
    "assumed: shorter than others, because one can switch between six IRPs, "
    "https://taxcom.co.in/advisory-from-gstn-ensuring-business-continuity-for-e-invoice-and-e-waybill-systems/"
)
NIELSEN = (
    "fitted to Nielsen 2019, 23 % from 20 to 23 h: https://www.theweek.in/news/biz-tech/2019/12/19/revealed-how-indians-shop-online.html"
)
REDSEER = (
    "Redseer 2022, 5.4 over four days and all categories: "
    "https://www.cnbctv18.com/technology/online-festive-sales-report-redseer-e-commerce-platforms-over-usd-3-billion-four-days-14818411.htm/amp"
)
SALE_DAYS_2023 = (
    "assumed: 1; below it in 2023, 10 times an ordinary day on the first day and over 7 times on the second, all categories: "
    "https://www.businessinsider.in/business/news/shopping-fomo-indians-spend-29k-cr-online-ahead-of-festive-season/articleshow/104403349.cms"
)
MYNTRA_2021 = (
    "Myntra 2021, 0.6 of 4 million items: "
    "https://yourstory.com/2021/10/fashion-ecommerce-myntra-19-million-visitors-day-one-big-fashion-festival/amp"
)
MYNTRA_2012 = (
    "mean of 1.5, Myntra about 2012: "
    "https://www.thehindubusinessline.com/companies/online-shopping-sees-more-clicks-volumes/article23082633.ece"
)
CASH = (
    "between 0.2 in large cities and 0.6 to 0.7 elsewhere: "
    "https://apparelresources.com/business-news/retail/festive-e-commerce-india-sees-wider-reach-evolving-trends-fashion-leads, "
    "https://www.afaqs.com/people-spotting/amazons-sameer-mandge-joins-gokwik-as-director-of-products"
)
FYND_TARGET = "95 % within 24 h: Fynd on Ajio's SLA, https://docs.konnect.fynd.com/channels/marketplaces-webstores/ajio/sla"
FYND_BREACH = "100 % within 48 h: Fynd on Ajio's SLA, https://docs.konnect.fynd.com/channels/marketplaces-webstores/ajio/sla"
AMAZON = "below 2 %, Amazon India: https://sellercentral.amazon.in/gp/help/external/200285210?language=en_IN"
PULLS = (
    "15 minutes by default, 10 to 40 elsewhere: Dropstream, "
    "https://support.getdropstream.com/hc/en-us/articles/360053515273-When-are-Orders-Shipments-and-Inventory-Synced-, and Unicommerce, "
    "https://support.unicommerce.com/index.php/knowledge-base/q-what-is-automated-order-status-sync/"
)
PICKING = (
    "60 to 120 units an hour: https://bitergo.com/en/glossary/picking-performance, "
    "https://www.fcbco.com/blog/bid/156213/benchmarking-metrics-of-warehouse-operations"
)
PACKING = "25 to 30 orders an hour: F. Curtis Barry, https://www.fcbco.com/blog/bid/156213/benchmarking-metrics-of-warehouse-operations"
STOCK = (
    "stock accuracy of 97 to 99.9 % where it is good: "
    "https://www.skulabs.com/inventory-management/warehouse-kpis-every-ecommerce-brand-should-track-in-2026"
)
RETURNED = (
    "Ajio, 26 to 30 % of items: "
    "https://www.thehindubusinessline.com/companies/free-returns-a-way-to-lure-customers-to-do-online-shopping/article32069191.ece"
)
RETURNED_IN_SALES = (
    "assumed: 1; apparel up to 40 % in sales, about 1.4 times an ordinary day: "
    "https://www.thehindubusinessline.com/companies/free-returns-a-way-to-lure-customers-to-do-online-shopping/article32069191.ece"
)
UNDELIVERED = "Shipway 2025: https://thehomefashion.in/shipway-analyzes-key-drivers-behind-indias-e-commerce-rtos"
RETURN_WINDOW = "return windows of 7 to 30 days: https://lazycred.com/how-to-cancel-an-order-on-ajio"
ESHOPBOX = "https://help.eshopbox.com/portal/en/kb/articles/understanding-return-turnaround-times-tats-in-the-eshopbox-workspace"
RETURN_TRANSIT = f"7 to 12 days from pick-up: Eshopbox, {ESHOPBOX}"
RTO_TRANSIT = f"10 to 15 days, remote places to 20: Eshopbox, {ESHOPBOX}"
DOCK = "8 to 24 h from dock to stock: F. Curtis Barry, https://www.fcbco.com/blog/bid/156213/benchmarking-metrics-of-warehouse-operations"
_DELHI = "https://www.zimyo.com/resources/guides/minimum-wages/delhi"
WAGES_SEMI_SKILLED = f"784 rupees for a day of 8 h, minimum wage of semi-skilled workers in Delhi from April 2025: {_DELHI}"
WAGES_CLERICAL = f"862 rupees for a day of 8 h, minimum wage of clerks with matriculation in Delhi from April 2025: {_DELHI}"
OVERTIME = "twice the ordinary rate, Factories Act 1948, section 59: https://lawcorner.in/working-hours-and-overtime-as-per-the-factories-act-1948/"
