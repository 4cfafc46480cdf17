import "@/scripts/faults/main"
