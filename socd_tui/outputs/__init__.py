"""What is written for readers without the screen and for other programs: metrics, events, sentences, pages.

Pure like the views, which it may use: from what is known to text. Commands and the terminal UI hand it on.
"""
