"""How the DANE follows its schools: their figures judged, shown, and what it does about them."""
