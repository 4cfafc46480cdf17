import "@/scripts/screenshots/main"
