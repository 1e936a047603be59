build-oz/bios/lwip/src/core/dns.o: build/deps/lwip/src/core/dns.c
