// Points
