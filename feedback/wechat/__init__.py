"""WeChat Official Accounts: their callback, who wrote, answers within WeChat's 48 hours."""
