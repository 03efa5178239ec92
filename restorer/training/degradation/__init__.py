"""What happens to sharp pictures before a network is shown them: reduction, wear, damage, compression."""
