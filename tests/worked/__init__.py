"""The checks that were worked out by hand on the published report, and whether the product's rules find each."""
