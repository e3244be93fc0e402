"""Makes performance reports in many layouts with exact gold: see corpus/layouts/README.md."""
