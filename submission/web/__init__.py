"""The service in a browser: the application, its frame around every page, and the pages that are the same for all."""
