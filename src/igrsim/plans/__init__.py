"""What is planned and paid: need items, portfolios, drafts, commitments, on both financial calendars."""
