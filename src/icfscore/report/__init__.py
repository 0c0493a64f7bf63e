"""What people and programs read: tables, records, reports. Only here are numbers rounded."""
