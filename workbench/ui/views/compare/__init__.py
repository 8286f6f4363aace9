"""What is compared with what: dialog, bar, differences."""
