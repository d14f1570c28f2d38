"""What presses today: deadlines and the departments' hand-over sheets."""
