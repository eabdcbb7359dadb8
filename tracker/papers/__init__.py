"""What leaves as a file or by mail: letters, workbooks, documents."""
