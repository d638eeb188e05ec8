"""The pages of the site, one module each; :mod:`reports` says how to add one."""
