"""What every room stands on and what knows no room: errors, ids, time, actors, quantities, pages."""
