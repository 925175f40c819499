/// One sentence for the person at the terminal.
pub type Complaint = String;
