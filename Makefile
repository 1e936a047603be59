# Hawser's build. `make help` lists what it can do; read on for how.
#
#   make            the artifacts: build/hawser-8086-100e.rom and those of two other cards,
#                   build/hawser.lkrn, build/hawser.kpxe, build/hawser.efi, build/host/hawser
#   make run        boots a Debian kernel in QEMU through the option ROM
#   make test       everything that must pass before a change goes in
#
# All set-up (packages, third-party sources, newlib) happens by itself: scripts/setup.

BUILD  ?= build
DEPS   ?= build/deps
VENDOR ?= 8086
DEVICE ?= 100e

# The ROM that goes with the card; QEMU's models of cards.
RUN_ID_e1000e         := 8086-10d3
RUN_ID_e1000-82545em  := 8086-100f
RUN_ID_virtio-net-pci := 1af4-1000
RUN_ID_vmxnet3        := 15ad-07b0
RUN_ID_rtl8139        := 10ec-8139
RUN_ID_pcnet          := 1022-2000
ifneq ($(filter run,$(MAKECMDGOALS)),)
  RUN_ID := $(subst -, ,$(or $(RUN_ID_$(NIC)),8086-100e))
  VENDOR := $(word 1,$(RUN_ID))
  DEVICE := $(word 2,$(RUN_ID))
endif

MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
  MAKEFLAGS += -j$(shell nproc)
endif
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all help clean distclean rom small-rom lkrn kpxe efi usb host unit host-test docs \
        script-compare fuzz fuzz-short fuzz-build test qemu-test check-includes run bench growth \
        storm format lint setup

# V=1 shows whole commands instead of one short line for each.
ifeq ($(V),1)
  Q :=
  say = @:
else
  Q := @
  say = @printf '  %-5s %s\n'
endif

# The ROMs of QEMU's cards, and the one that VENDOR and DEVICE ask for.
ROMS := $(sort $(foreach id,8086-100e 8086-10d3 1af4-1000 $(VENDOR)-$(DEVICE), \
          $(BUILD)/hawser-$(id).rom))

all: $(ROMS) lkrn kpxe efi host
	@scripts/sizes $(BUILD) $(ROMS) $(BUILD)/hawser.lkrn $(BUILD)/hawser.kpxe $(BUILD)/hawser.efi

help:
	@echo 'make              build the option ROM, hawser.lkrn, .kpxe, .efi and the host program'
	@echo 'make run          boot a Debian kernel in QEMU; SCRIPT= KERNEL= INITRD= CMDLINE= NIC='
	@echo '                  FIRMWARE=bios|uefi MACHINE=pc|q35 MEM= ACCEL= change what and where'
	@echo 'make rom VENDOR=8086 DEVICE=10d3    the option ROM for another PCI ID; it has an image for'
	@echo '                  BIOS and one for UEFI. build/hawser-8086-10d3.biosrom, .efirom: one alone'
	@echo 'make small-rom    for Intel cards with a flash of 256 KiB, for BIOS: the essential parts, HTTPS too'
	@echo 'make usb          build/hawser.usb, a disk image for BIOS and UEFI; SCRIPT=boot.ipxe goes onto it'
	@echo 'make test         set-up, include check, unit tests, short fuzzing, boots in QEMU'
	@echo 'make unit         only the unit tests; ONLY=Tftp* runs some of them'
	@echo 'make host-test    only the tests of the host program: --check, --run'
	@echo 'make qemu-test    only the boots in QEMU; ONLY=xen runs some of them'
	@echo 'make fuzz         fuzz each target for FUZZ_SECONDS=600; ONLY=uri for one target'
	@echo 'make bench        compare with iPXE: time to kernel, TFTP and HTTP rates, sizes'
	@echo 'make growth       how cost grows: file sizes, initrds, cards, scripts, settings (20 minutes)'
	@echo 'make storm        1,000 machines that power on together, against one server'
	@echo 'make docs         write docs/reference.md from the rows of commands and settings'
	@echo "make script-compare   run the conformance table in iPXE's ROM; print what differs"
	@echo 'make format       clang-format over our C++'
	@echo 'make lint         clang-tidy, and a check of the scripts'
	@echo 'make clean        remove what was built; distclean also what set-up fetched'
	@echo 'V=1 shows commands; BUILD=dir builds elsewhere.'

# --- set-up --------------------------------------------------------------------------------------
# setup.mk tells where the headers of the compiler and the libraries are. make remakes it, by
# running set-up, before it looks at anything below.

SETUP := scripts/setup scripts/versions.sh scripts/private-apt.sh
ifneq ($(filter-out clean distclean help,$(or $(MAKECMDGOALS),all)),)
  include $(DEPS)/setup.mk
endif

$(DEPS)/setup.mk: $(SETUP)
	@DEPS=$(DEPS) scripts/setup build

# Compiler and library versions: when they change, everything is built again.
$(DEPS)/toolchain: $(DEPS)/setup.mk ;

$(DEPS)/stamps/all: $(SETUP) $(DEPS)/setup.mk
	@DEPS=$(DEPS) scripts/setup all

setup: $(DEPS)/stamps/all

# --- sources -------------------------------------------------------------------------------------

CORE_CC := $(sort $(shell find src net drivers -path src/small -prune -o -name '*.cc' -print))
LWIP_C  := $(sort $(wildcard $(addprefix $(DEPS)/lwip/src/,core/*.c core/ipv4/*.c netif/ethernet.c)))
# mbedTLS: what a TLS client, X.509 and digests need; the server's half is for the tests.
TLS_C     := $(addprefix $(DEPS)/mbedtls/library/,$(addsuffix .c,aes aesni asn1parse asn1write \
               base64 bignum bignum_core block_cipher chacha20 chachapoly cipher cipher_wrap \
               constant_time ctr_drbg ecdh ecdsa ecp ecp_curves gcm hkdf md md5 oid pem pk pk_ecc \
               pk_wrap pkparse platform platform_util poly1305 psa_crypto psa_crypto_aead \
               psa_crypto_cipher psa_crypto_client psa_crypto_driver_wrappers_no_static \
               psa_crypto_ecp psa_crypto_hash psa_crypto_mac psa_crypto_rsa \
               psa_crypto_slot_management psa_util rsa rsa_alt_helpers sha1 sha256 sha512 \
               ssl_ciphersuites ssl_client ssl_msg ssl_tls ssl_tls12_client ssl_tls13_client \
               ssl_tls13_generic ssl_tls13_keys x509 x509_crt))
TLS_SERVER_C := $(addprefix $(DEPS)/mbedtls/library/,ssl_ticket.c ssl_tls12_server.c \
               ssl_tls13_server.c)
# Of the libraries behind src/archive, what unpacks.
ARCHIVE_C := $(addprefix $(DEPS)/zlib/,$(addsuffix .c,adler32 inffast inflate inftrees)) \
             $(addprefix $(DEPS)/libzstd/lib/,$(addsuffix .c,common/entropy_common \
               common/error_private common/fse_decompress common/xxhash common/zstd_common \
               decompress/huf_decompress decompress/zstd_ddict decompress/zstd_decompress \
               decompress/zstd_decompress_block)) \
             $(addprefix $(DEPS)/xz-utils/src/liblzma/,$(addsuffix .c,check/check \
               check/crc32_small check/crc64_small common/block_decoder \
               common/block_header_decoder common/block_util common/common common/filter_common \
               common/filter_decoder common/filter_flags_decoder common/index_hash \
               common/stream_decoder common/stream_flags_common common/stream_flags_decoder \
               common/vli_decoder common/vli_size lz/lz_decoder lzma/lzma_decoder \
               lzma/lzma2_decoder simple/simple_coder simple/simple_decoder simple/x86))
# The machine layer. Linked apart: the real-mode prefixes and the unpacker, by bios.mk;
# the driver of UEFI option ROMs, by uefi.mk.
MACHINE_SRC := $(sort $(shell find arch/x86_64 \( -path arch/x86_64/bios/prefix -o \
                 -path arch/x86_64/uefi/rom \) -prune -o \( -name '*.cc' -o -name '*.S' \) -print))
# Of it, what one firmware alone is linked with.
BIOS_SRC  := $(filter arch/x86_64/bios/% arch/x86_64/start.S,$(MACHINE_SRC))
UEFI_SRC  := $(filter arch/x86_64/uefi/%,$(MACHINE_SRC))

# Where the objects of these sources go: src/x.cc -> $(BUILD)/bios/src/x.o, x.S -> x.S.o.
objects = $(patsubst %.S,$(BUILD)/$(1)/%.S.o,$(patsubst %.c,$(BUILD)/$(1)/%.o,$(patsubst \
            %.cc,$(BUILD)/$(1)/%.o,$(2:$(DEPS)/%=%))))

# The trusted roots of Debian's ca-certificates, as a table that the core is linked with.
ROOTS_CC := $(BUILD)/generated/roots.cc
# For small ROMs.
ROOT_DIGESTS_CC := $(BUILD)/generated/root_digests.cc
$(ROOT_DIGESTS_CC): ROOTS_FLAGS := --digests
$(ROOTS_CC) $(ROOT_DIGESTS_CC): scripts/make-roots $(DEPS)/toolchain
	$(say) ROOTS $@
	$(Q)scripts/make-roots $(ROOTS_FLAGS) /usr/share/ca-certificates/mozilla $@

# --- freestanding core ---------------------------------------------------------------------------

NOT_LINUX  := -U__linux__ -U__linux -Ulinux -U__gnu_linux__ -U__unix__ -U__unix -Uunix
# One set of objects for every x86-64 firmware. No red zone: firmware interrupts run on our stack.
# Copies of a length that varies are calls of memcpy: byte by byte, as -Oz has them, they take QEMU's TCG several
# times as long. The other options have the compiler write less that an unpacker cannot guess: 1 % of a ROM.
OPTIMISE   := -Oz -mstringop-strategy=libcall -fno-tree-pre -fno-gcse -fno-code-hoisting \
              -fno-guess-branch-probability
CORE_FLAGS = $(OPTIMISE) -g -fpie -fvisibility=hidden -mno-red-zone -fno-stack-protector \
              -fcf-protection=none -fno-asynchronous-unwind-tables -fno-unwind-tables \
              -ffunction-sections -fdata-sections -ffile-prefix-map=$(CURDIR)=. $(NOT_LINUX) \
              -D__HAWSER_FREESTANDING__ -nostdinc
C_HEADERS  := -isystem $(DEPS)/newlib-build/targ-include \
              -isystem $(DEPS)/newlib/newlib/libc/include -isystem $(GCC_HEADERS)
LIB_INC    := -Inet/stack/port -isystem $(DEPS)/lwip/src/include \
              -isystem $(DEPS)/mbedtls/include \
              '-DMBEDTLS_CONFIG_FILE="net/tls/port/hawser_mbedtls_config.h"'
CORE_INC   := -I. $(LIB_INC)
# Small, without files or threads, and by names that clash with nobody's.
ZLIB_FLAGS := -DZ_SOLO -DZ_PREFIX -DZLIB_CONST
FLAGS_zlib := $(ZLIB_FLAGS) -DHAVE_MEMCPY -include string.h
FLAGS_libzstd := -DZSTD_DISABLE_ASM=1 -DDYNAMIC_BMI2=0 -DHUF_FORCE_DECOMPRESS_X1 \
              -DHUF_DISABLE_FAST_DECODE -DZSTD_FORCE_DECOMPRESS_SEQUENCES_SHORT -DZSTD_NO_INLINE \
              -DZSTD_STRIP_ERROR_STRINGS -DZSTD_LEGACY_SUPPORT=0 -DZSTD_TRACE=0 \
              -DXXH_NAMESPACE=ZSTD_ -DDEBUGLEVEL=0
FLAGS_xz-utils := -DHAVE_CONFIG_H -Isrc/archive/port -I$(DEPS)/xz-utils/src/common \
              $(addprefix -I$(DEPS)/xz-utils/src/liblzma/,api check common lz lzma rangecoder \
                delta simple) -I. $(LIB_INC)
ARCHIVE_INC := $(ZLIB_FLAGS) -isystem $(DEPS)/zlib -isystem $(DEPS)/libzstd/lib \
              -isystem $(DEPS)/xz-utils/src/liblzma/api
# Our shims first, then the host's libstdc++ (headers only: its library is made for glibc). -fbuiltin: the library that
# memcpy is called from is ours, but a word is read by one instruction (-ffreestanding would call memcpy).
CORE_CXX   := -std=c++20 -ffreestanding -fbuiltin -fno-exceptions -fno-rtti \
              -fno-threadsafe-statics -fno-use-cxa-atexit -D_GLIBCXX_EXTERN_TEMPLATE=0 -nostdinc++ \
              -isystem arch/x86_64/libc/include $(addprefix -isystem ,$(CXX_HEADERS)) $(C_HEADERS)
CORE_C     := -std=gnu11 -fno-strict-aliasing $(C_HEADERS)
WARN       := -Wall -Wextra

# Small code everywhere, fast code where each byte is looked at: copies, sums, digests, ciphers, and the numbers
# of handshakes. Frames are few beside these, and small code for them is as fast. No vector registers:
# QEMU's TCG runs them slowly.
HOT := $(call objects,bios,arch/x86_64/libc/memory.cc net/stack/checksum.cc src/crypto/sha256.cc \
         $(addprefix $(DEPS)/mbedtls/library/,aes.c aesni.c bignum_core.c chacha20.c gcm.c poly1305.c))
$(HOT): OPTIMISE := -O2 -fno-tree-vectorize

# Functions of mbedTLS that some of its files shall not call, but ours of the same name with hawser_ in
# front: certificates of servers are read by net/tls/certificate.cc, which knows more extensions, and
# net/tls/staple.cc asks for OCSP answers and looks at them.
OWN_ssl_tls           := x509_crt_parse_der
OWN_ssl_tls13_generic := x509_crt_parse_der ssl_read_record
OWN_ssl_tls12_client  := ssl_read_record
OWN_ssl_client        := ssl_write_sig_alg_ext ssl_get_extension_mask
define own_functions
$(BUILD)/bios/mbedtls/library/$(1).o: CORE_FLAGS += $(2)
$(BUILD)/host/mbedtls/library/$(1).o: HOST_FLAGS += $(2)
$(BUILD)/checked/mbedtls/library/$(1).o: CHECKED_FLAGS += $(2)
endef
$(foreach file,ssl_tls ssl_tls13_generic ssl_tls12_client ssl_client,$(eval $(call \
  own_functions,$(file),$(foreach name,$(OWN_$(file)),-Dmbedtls_$(name)=hawser_$(name)))))

# The core is optimised as a whole when it is linked, which makes it a seventh smaller. Not so what the
# compiler calls by names of its own (memcpy, operator new), nor what is to be fast: helpers that it has in
# common with small code would not be inlined any more.
LTO := -flto -fno-fat-lto-objects
LIBC := $(call objects,bios,$(wildcard arch/x86_64/libc/*.cc))
$(HOT) $(LIBC): LTO :=
$(LIBC): CORE_CXX += -fno-builtin   # or calloc() would be made to call itself

SHARED_OBJ := $(call objects,bios,$(filter-out $(BIOS_SRC) $(UEFI_SRC),$(MACHINE_SRC)) $(CORE_CC) \
                $(ROOTS_CC) $(LWIP_C) $(TLS_C) $(ARCHIVE_C))
CORE_OBJ := $(call objects,bios,$(BIOS_SRC)) $(SHARED_OBJ)
EFI_OBJ  := $(call objects,bios,$(UEFI_SRC)) $(SHARED_OBJ)
# A small ROM, for cards whose flash memory has 256 KiB, leaves this out; src/small says so in its place.
SMALL_LEAVES_OUT := $(UEFI_SRC) $(addprefix arch/x86_64/bios/,nbp.cc pxe.cc) \
             $(addprefix drivers/,$(addsuffix /%,pcnet rtl8139 undi virtio_net vmxnet3)) net/tls/roots.cc \
             $(addprefix src/archive/,inflate.cc xz.cc zstd.cc) src/pxe_api/% src/pxelinux/% \
             src/rom_card.cc src/script/cmd_config.cc
SMALL_OBJ := $(call objects,bios,$(filter-out $(SMALL_LEAVES_OUT),$(MACHINE_SRC) $(CORE_CC)) \
               src/small/left_out.cc $(ROOT_DIGESTS_CC) $(LWIP_C) $(TLS_C))

$(BUILD)/bios/lwip/%.o: $(DEPS)/lwip/%.c $(DEPS)/toolchain
	$(say) CC lwip/$*.c
	@mkdir -p $(@D)
	$(Q)gcc $(CORE_FLAGS) $(LTO) $(CORE_C) $(CORE_INC) -w -MMD -MP -c $< -o $@

$(BUILD)/bios/mbedtls/%.o: $(DEPS)/mbedtls/%.c $(DEPS)/toolchain
	$(say) CC mbedtls/$*.c
	@mkdir -p $(@D)
	$(Q)gcc $(CORE_FLAGS) $(LTO) $(CORE_C) $(CORE_INC) -w -MMD -MP -c $< -o $@

define bios_library
$(BUILD)/bios/$(1)/%.o: $(DEPS)/$(1)/%.c $(DEPS)/toolchain
	$$(say) CC $(1)/$$*.c
	@mkdir -p $$(@D)
	$$(Q)gcc $$(CORE_FLAGS) $$(LTO) $$(CORE_C) $$(FLAGS_$(1)) -w -MMD -MP -c $$< -o $$@
endef
$(foreach library,zlib libzstd xz-utils,$(eval $(call bios_library,$(library))))
$(call objects,bios,$(wildcard src/archive/*.cc)): CORE_INC += $(ARCHIVE_INC)

$(BUILD)/bios/%.o: %.cc $(DEPS)/toolchain
	$(say) CXX $<
	@mkdir -p $(@D)
	$(Q)g++ $(CORE_FLAGS) $(LTO) $(CORE_CXX) $(CORE_INC) $(WARN) -MMD -MP -c $< -o $@

define assemble
	$(say) AS $<
	@mkdir -p $(@D)
	$(Q)gcc $(CORE_FLAGS) -I. -MMD -MP -c $< -o $@
endef
$(BUILD)/bios/%.S.o: %.S $(DEPS)/toolchain ; $(assemble)
$(BUILD)/bios/%.o: %.S $(DEPS)/toolchain ; $(assemble)

# Position independent, so that it can run wherever the firmware has room; every relocation left is
# relative. Our own objects come before libc.a, so our memcpy and malloc win.
# $(call link_core,SCRIPT,OBJECTS) is the recipe.
define link_core
	$(say) LD $@
	$(Q)gcc -flto=auto -fuse-linker-plugin $(CORE_FLAGS) -w -nostdlib -pie -T $(1) \
	  -Wl,--no-dynamic-linker,--gc-sections,--build-id=none,--no-warn-rwx-segments \
	  -Wl,-z,text,-z,noexecstack,-z,norelro,-Map,$(@:.elf=.map) $(2) \
	  -Wl,--start-group $(DEPS)/newlib-build/libc.a $(LIBGCC) -Wl,--end-group -o $@
endef

$(BUILD)/core.elf: $(CORE_OBJ) linker/core.ld linker/hot.ld
	$(call link_core,linker/core.ld,$(CORE_OBJ))

# The core of a small ROM.
$(BUILD)/small.elf: $(SMALL_OBJ) linker/core.ld linker/hot.ld
	$(call link_core,linker/core.ld,$(SMALL_OBJ))

# From core.elf to the artifacts: compressed payload, prefixes, option ROM, .lkrn.
include arch/x86_64/bios/bios.mk
# The same objects as a UEFI application.
include arch/x86_64/uefi/uefi.mk

# --- on Linux ------------------------------------------------------------------------------------
# The same core as a Linux program, twice: `host` by gcc, as it is used; `checked` by clang under
# sanitizers and with what libFuzzer wants, for the unit tests, the fuzz targets and the program's tests.

HOST_FLAGS    := -O1 -g1
# Lines for the traces of sanitizers, and no more: what debuggers want would take a third of the time.
CHECKED_FLAGS := -O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link \
                 -fno-sanitize-recover=all
# With exceptions, as the tests' fake machine throws to leave its [[noreturn]] functions.
HOST_CXX   := -std=c++20 -fno-rtti
HOST_INC   := -I. $(LIB_INC)
# Pure parts of the machine layer, tested on the host as well.
HOST_EXTRA := $(wildcard arch/x86_64/libc/heap.cc $(HOST_EXTRA_BIOS) $(HOST_EXTRA_UEFI))
HOST_CC    := $(CORE_CC) $(HOST_EXTRA) $(filter-out arch/host/main.cc,$(wildcard arch/host/*.cc))
UNIT_CC    := $(sort $(wildcard tests/unit/*_test.cc tests/fakes/*.cc))

HOST_SRC    := $(HOST_CC) $(ROOTS_CC) $(LWIP_C) $(TLS_C) $(TLS_SERVER_C) $(ARCHIVE_C)
HOST_OBJ    := $(call objects,host,$(HOST_SRC))
CHECKED_OBJ := $(call objects,checked,$(HOST_SRC))
UNIT_OBJ    := $(call objects,checked,$(UNIT_CC))

# Rules for a tree of objects: folder, C and C++ compiler, name of their flags, what must be there first.
# linux_library: of those, all but the C++ compiler; then the library, and more flags for it.
define linux_library
$(BUILD)/$(1)/$(5)/%.o: $(DEPS)/$(5)/%.c $(DEPS)/toolchain | $(4)
	$$(say) CC $(5)/$$*.c
	@mkdir -p $$(@D)
	$$(Q)$(2) $$($(3)) -std=gnu11 -w $$(HOST_INC) $(6) -MMD -MP -c $$< -o $$@

endef
define linux_tree
$(call linux_library,$(1),$(2),$(4),$(5),lwip)
$(call linux_library,$(1),$(2),$(4),$(5),mbedtls)
$(foreach library,zlib libzstd xz-utils,$(call \
  linux_library,$(1),$(2),$(4),$(5),$(library),$$(FLAGS_$(library))))

$(BUILD)/$(1)/%.o: %.cc $(DEPS)/toolchain | $(5)
	$$(say) CXX $$<
	@mkdir -p $$(@D)
	$$(Q)$(3) $$($(4)) $(HOST_CXX) $$(HOST_INC) $(WARN) -MMD -MP -c $$< -o $$@

$(BUILD)/$(1)/core.a: $(call objects,$(1),$(HOST_SRC))
	$$(say) AR $$@
	$$(Q)rm -f $$@ && ar qcs $$@ $$^

$(BUILD)/$(1)/hawser: $(BUILD)/$(1)/arch/host/main.o $(BUILD)/$(1)/core.a
	$$(say) LD $$@
	$$(Q)$(3) $$($(4)) $$^ -o $$@
endef
$(eval $(call linux_tree,host,gcc,g++,HOST_FLAGS))
$(eval $(call linux_tree,checked,clang,clang++,CHECKED_FLAGS,$(DEPS)/stamps/all))
$(foreach tree,host checked,$(eval \
  $(call objects,$(tree),$(wildcard src/archive/*.cc)): HOST_INC += $(ARCHIVE_INC)))

host: $(BUILD)/host/hawser

# Compiled in a third of the time. GoogleTest takes fields of packed structures by reference.
$(UNIT_OBJ): CHECKED_FLAGS += -O0 -fno-sanitize=fuzzer-no-link,alignment

$(BUILD)/checked/unit-tests: $(UNIT_OBJ) $(BUILD)/checked/core.a
	$(say) LD $@
	$(Q)clang++ $(CHECKED_FLAGS) $^ -lgmock -lgtest -lgtest_main -lpthread -o $@

unit: $(BUILD)/checked/unit-tests
	@echo '== unit tests (ASan, UBSan)'
	$(Q)$< --gtest_brief=1 $(if $(ONLY),--gtest_filter='$(ONLY)')

# --- fuzzing -------------------------------------------------------------------------------------
# One libFuzzer program for each tests/fuzz/NAME_fuzz.cc, seeded from tests/fuzz/corpus/NAME.

FUZZ_SECONDS ?= 600
FUZZERS    := $(patsubst tests/fuzz/%_fuzz.cc,%,$(sort $(wildcard tests/fuzz/*_fuzz.cc)))

$(FUZZERS:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/checked/tests/fuzz/%_fuzz.o \
                               $(BUILD)/checked/core.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)clang++ $(CHECKED_FLAGS) -fsanitize=fuzzer $^ -o $@

fuzz-build: $(FUZZERS:%=$(BUILD)/fuzz/%)

fuzz: fuzz-build
	@scripts/fuzz $(BUILD)/fuzz $(FUZZ_SECONDS) $(or $(ONLY),$(FUZZERS))

# The same path each time, so that what fails is the change at hand; `make fuzz` looks for the rest.
fuzz-short: fuzz-build
	@FUZZ_SEED=1 scripts/fuzz $(BUILD)/fuzz 5 $(or $(ONLY),$(FUZZERS))

# --- tests, runs, upkeep -------------------------------------------------------------------------

check-includes:
	@scripts/check-includes

# In this order, and each only if the one before it passed. pytest's summary comes last.
test: $(DEPS)/stamps/all
	@$(MAKE) --no-print-directory check-includes
	@$(MAKE) --no-print-directory all small-rom
	@scripts/check-sizes $(BUILD)
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory host-test
	@$(MAKE) --no-print-directory fuzz-short
	@$(MAKE) --no-print-directory qemu-test

host-test: $(BUILD)/checked/hawser
	@echo '== the host program'
	$(Q)BUILD=$(BUILD) /usr/bin/python3 -m pytest -q tests/host $(if $(ONLY),-k '$(ONLY)')

# Boots at a time: each keeps a core busy, but for its waits.
QEMU_JOBS ?= $(shell nproc)

qemu-test: $(DEPS)/stamps/all rom small-rom lkrn kpxe efi usb
	@echo '== boots in QEMU (several minutes; logs in $(BUILD)/test-logs)'
	$(Q)BUILD=$(BUILD) DEPS=$(DEPS) /usr/bin/python3 -m pytest -q -n $(QEMU_JOBS) tests/qemu \
	  $(if $(ONLY),-k '$(ONLY)')

run: $(DEPS)/stamps/all rom $(if $(filter uefi,$(FIRMWARE)),efi)
	@BUILD=$(BUILD) DEPS=$(DEPS) SCRIPT='$(SCRIPT)' KERNEL='$(KERNEL)' INITRD='$(INITRD)' \
	  CMDLINE='$(CMDLINE)' NIC='$(NIC)' MACHINE='$(MACHINE)' MEM='$(MEM)' ACCEL='$(ACCEL)' \
	  FIRMWARE='$(FIRMWARE)' scripts/run

bench: $(DEPS)/stamps/all rom small-rom $(addprefix $(BUILD)/hawser-,1af4-1041.rom 8086-10d3.rom) lkrn kpxe efi
	@BUILD=$(BUILD) DEPS=$(DEPS) /usr/bin/python3 tests/bench/bench.py

# How cost grows with sizes and numbers: a table and plots.
growth: $(DEPS)/stamps/all rom $(BUILD)/hawser-1af4-1041.rom lkrn host
	@DEPS=$(DEPS) scripts/setup bench
	@BUILD=$(BUILD) /usr/bin/python3 tests/bench/growth.py $(if $(ONLY),--only '$(ONLY)')

# Many machines at once.
storm: $(DEPS)/stamps/all host
	@BUILD=$(BUILD) /usr/bin/python3 tests/bench/storm.py

OUR_CXX := $(shell find arch src net drivers tests -name '*.cc' -o -name '*.h')

# The reference comes from the rows of commands and settings; a test tells when it has drifted.
docs: host
	$(Q)$(BUILD)/host/hawser --reference > $(BUILD)/reference.md
	$(Q)cp $(BUILD)/reference.md docs/reference.md

# The conformance table in Debian's iPXE ROM: prints the cases that come out differently.
script-compare: $(DEPS)/stamps/all
	@echo "== the conformance table in iPXE's ROM; tests/script/README.md explains what differs"
	-$(Q)HAWSER_TEST_ROM=$(DEPS)/ipxe/pxe-e1000.rom BUILD=$(BUILD) DEPS=$(DEPS) \
	  /usr/bin/python3 -m pytest -q --tb=short tests/qemu/test_script.py -k conformance

format: $(DEPS)/stamps/all
	$(Q)clang-format -i $(OUR_CXX)

lint: $(DEPS)/stamps/all
	@BUILD=$(BUILD) scripts/lint $(HOST_CXX) $(HOST_INC) $(ARCHIVE_INC) -- $(CORE_CC)

clean:
	rm -rf $(filter-out $(DEPS),$(wildcard $(BUILD)/*))

distclean:
	rm -rf $(BUILD) $(DEPS)

# lwIP's and mbedTLS's headers include these. They count as system headers then, which -MMD leaves out.
$(CORE_OBJ) $(EFI_OBJ) $(HOST_OBJ) $(UNIT_OBJ) $(CHECKED_OBJ): $(wildcard net/*/port/*.h net/*/port/*/*.h)

-include $(CORE_OBJ:.o=.d) $(EFI_OBJ:.o=.d) $(HOST_OBJ:.o=.d) $(UNIT_OBJ:.o=.d) $(CHECKED_OBJ:.o=.d) \
         $(BUILD)/host/arch/host/main.d $(BUILD)/checked/arch/host/main.d \
         $(FUZZERS:%=$(BUILD)/checked/tests/fuzz/%_fuzz.d)
