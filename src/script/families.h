// The families of commands that commands.cc joins into one list.
#pragma once

#include "src/script/command.h"

namespace hawser {

CommandTable image_commands();    ///< kernel, initrd, chain, boot, imgstat ... (cmd_image.cc)
CommandTable network_commands();  ///< dhcp, ifopen, ifstat, route ... (cmd_network.cc)
CommandTable console_commands();  ///< colour, cpair, console (cmd_console.cc)
CommandTable compute_commands();  ///< let, islt, ismatch (cmd_compute.cc)
CommandTable menu_commands();     ///< menu, form, item, choose (cmd_menu.cc)
CommandTable form_commands();     ///< present, login (cmd_form.cc)
CommandTable config_commands();   ///< config (cmd_config.cc)
CommandTable system_commands();   ///< sleep, prompt, read, shell, help ... (cmd_system.cc)
CommandTable probe_commands();    ///< cpuid, pciscan (cmd_probe.cc)
CommandTable params_commands();   ///< params, param (cmd_params.cc)
CommandTable archive_commands();  ///< imgset, imgextract, imgmem, shim (cmd_archive.cc)
CommandTable digest_commands();   ///< md5sum, sha256sum ... (cmd_digest.cc)
CommandTable trust_commands();    ///< imgverify, imgtrust (cmd_trust.cc)
CommandTable certificate_commands();  ///< certstat, certstore, certfree (cmd_certificate.cc)
CommandTable diag_commands();     ///< nslookup, ping, ntp, sync, time (cmd_diag.cc)
CommandTable san_commands();      ///< sanboot (cmd_san.cc)
CommandTable pxe_commands();      ///< startpxe, stoppxe (cmd_pxe.cc)
CommandTable link_commands();     ///< vcreate, vdestroy, nstat, lotest (cmd_link.cc)
CommandTable absent_commands();   ///< those that only say why they are missing (cmd_absent.cc)

}  // namespace hawser
