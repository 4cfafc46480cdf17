import "@/scripts/factory/main"
