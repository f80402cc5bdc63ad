"""Questions about change orders: `orders` and what belongs to them, `facts` that validations look at."""
