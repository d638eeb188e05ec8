"""Tests of `orders`: duties, VMS reports, and the log in every form."""
