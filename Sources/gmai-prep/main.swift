print("gmai-prep")
