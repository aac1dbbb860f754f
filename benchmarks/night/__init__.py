"""What a second night costs, how near its plan comes, and what planning costs in a full lake."""
