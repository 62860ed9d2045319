"""What other tools wrote about the files of their exports, as their claims."""
