"""The living document as a folder of HTML pages, and the data that only its pages need.

Knows which pages there are, how they are rendered and written. What they say comes from `reports.document`.
"""
