"""The exit statuses of `sop`: what each means stands in ADR 7."""

GOOD, BAD_NEWS, MISUSE, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130
