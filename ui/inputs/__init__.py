"""What a person presses, drags or chooses from: buttons, segments, sliders."""
