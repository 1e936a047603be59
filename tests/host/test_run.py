"""hawser --run: a script is executed up to where a kernel would start."""

import hashlib
import http.server
import json
import struct
import threading

import pytest


def bzimage(code=b"K" * 4096):
    """Boot protocol 2.15: one boot sector, one setup sector, code."""
    file = bytearray(1024) + code
    for at, form, value in ((0x1F1, "B", 1), (0x1F4, "<I", (len(code) + 15) // 16),
                            (0x1FE, "<H", 0xAA55), (0x200, "<H", 0x66EB), (0x202, "4s", b"HdrS"),
                            (0x206, "<H", 0x020F), (0x211, "B", 1), (0x214, "<I", 0x100000),
                            (0x22C, "<I", 0x7FFFFFFF), (0x230, "<I", 0x200000), (0x234, "B", 1),
                            (0x238, "<I", 2047), (0x258, "<Q", 0x1000000), (0x260, "<I", 0x100000)):
        struct.pack_into(form, file, at, value)
    return bytes(file)


class Server:
    """Files by path; what was asked is kept."""

    def __init__(self):
        self.files, self.asked = {}, []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                length = int(self.headers.get("Content-Length", 0))
                server.asked.append((self.command, self.path, self.rfile.read(length).decode()))
                body = server.files.get(self.path)
                if isinstance(body, str):
                    self.send_response(302)
                    self.send_header("Location", body)
                    body = b""
                else:
                    self.send_response(200 if body is not None else 404)
                body = body or b""
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def run(hawser, tmp_path):
    """Runs a script of some lines, with files beside it."""

    def run(lines, *options, files=None, status=0):
        (tmp_path / "boot.ipxe").write_text("#!ipxe\n" + lines)
        for name, body in (files or {}).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(body)
        ended = hawser("--run", "boot.ipxe", *options, cwd=tmp_path)
        assert ended.status == status, ended.out + ended.err
        return ended

    return run


def test_each_step_is_printed(run):
    ended = run("set x:int32 1\ninc x\necho x is ${x}\niseq ${x} 3 || echo no\n")
    assert ended.out.splitlines() == [
        "+ boot.ipxe:2: set x:int32 1", "+ boot.ipxe:3: inc x", "+ boot.ipxe:4: echo x is 2",
        "x is 2", "+ boot.ipxe:5: iseq 2 3", "+ boot.ipxe:5: echo no", "no", "End: ended"]


def test_a_failed_script_says_where(run):
    ended = run("echo one\niseq 1 2\necho two\n", status=1)
    assert "End: failed: boot.ipxe ended with an error at line 3" in ended.out
    assert "+ boot.ipxe:4" not in ended.out


def test_load_plan_of_files_beside_the_script(run):
    kernel, initrd = bzimage(), b"archive"
    ended = run("kernel k console=ttyS0 id=${serial}\ninitrd -n i.img sub/i\nboot\n", "--set",
                "serial=S7", files={"k": kernel, "sub/i": initrd})
    assert f"Kernel k bzImage, {len(kernel)} bytes, sha256 {hashlib.sha256(kernel).hexdigest()}\n" \
        in ended.out
    assert "  command line: console=ttyS0 id=S7\n" in ended.out
    assert f"Initrd i.img, 7 bytes, sha256 {hashlib.sha256(initrd).hexdigest()}\n" in ended.out
    assert "Load plan: real mode" in ended.out


def test_json_over_real_http(hawser, server):
    kernel = bzimage()
    server.files = {"/a/boot.ipxe": b"#!ipxe\nset q \"\nkernel k x=${q}\ninitrd /moved one\nboot\n",
                    "/a/k": kernel, "/moved": "/b/initrd", "/b/initrd": b"archive" * 100_000}
    ended = hawser("--run", server.url + "/a/boot.ipxe", "--json")
    assert ended.status == 0, ended.err
    report = json.loads(ended.out)
    assert report["end"] == "kernel"
    assert report["kernel"] == {
        "name": "k", "uri": server.url + "/a/k", "format": "bzImage", "bytes": len(kernel),
        "sha256": hashlib.sha256(kernel).hexdigest(), "command_line": 'x="'}
    assert [(m["name"], m["bytes"], m["command_line"]) for m in report["modules"]] == [
        ("moved", 700_000, "one")]
    assert report["steps"][0] == {"script": "boot.ipxe", "line": 2, "command": ["set", "q", '"']}
    segments = {s["what"]: s for s in report["plan"]["segments"]}
    assert segments["initrd"]["bytes"] == 700_000 and report["plan"]["entry"] == "real mode"
    assert "k... ok" in ended.err, "the console goes to standard error"


def test_parameters_are_posted(run, server):
    server.files = {"/r": b"x"}
    run(f"params\nparam mac ${{mac}}\nimgfetch {server.url}/r##params\nimgstat\n")
    assert server.asked == [("POST", "/r", "mac=52%3A54%3A00%3A12%3A34%3A56")]


def test_failures_are_in_the_report(run, server):
    ended = run(f"chain {server.url}/none || echo ${{errno}}\nnosuch\n", "--json", status=1)
    report = json.loads(ended.out)
    assert report["end"] == "failed" and report["status"] == 0x2E
    assert report["steps"][0]["status"] == 0x2D and "404" in report["steps"][0]["error"]
    assert report["steps"][1]["command"] == ["echo", "0x2d000000"]
    assert "kernel" not in report


def test_nothing_listens(run):
    ended = run("imgfetch http://127.0.0.1:9/x\n", status=1)
    assert "connect 127.0.0.1:9: Connection refused" in ended.out


def test_mirror_after_a_failure(run, server):
    server.files = {"/there": b"12"}
    ended = run(f"imgfetch --mirror {server.url}/there {server.url}/gone\nimgstat\n")
    assert "gone : 2 bytes" in ended.out
    assert [path for _, path, _ in server.asked] == ["/gone", "/there"]


def test_recorded_files_take_the_place_of_all_servers(run):
    files = {"rec/boot.example/x/a.ipxe": b"#!ipxe\nchain b.ipxe\n",
             "rec/boot.example/x/b.ipxe": b"#!ipxe\necho b of ${cwduri}\n",
             "rec/boot.example/cgi?id=7": b"#!ipxe\necho seven\n",
             "rec/10.0.2.2/t.ipxe": b"#!ipxe\necho by TFTP\n"}
    ended = run("chain https://boot.example/x/a.ipxe\nchain http://boot.example/cgi?id=7\n"
                "chain tftp://${next-server}/t.ipxe\nimgfetch http://boot.example/none || echo no\n"
                "imgfetch http://boot.example/../../boot.ipxe || echo ${errno}\n",
                "--root", "rec", files=files)
    for line in ("b of https://boot.example/x/", "seven", "by TFTP", "no", "0x2000000"):
        assert f"\n{line}\n" in ended.out
    assert "there is no rec/boot.example/none" in ended.out


def test_files_outside_of_the_scripts_folder(run):
    ended = run("imgfetch file:///etc/passwd || imgfetch ../x || imgfetch /etc/passwd\n", status=1)
    assert ended.out.count("below the script's own folder") == 3


def test_dhcp_answer_from_a_file(run):
    lease = {"ip": "10.9.0.7", "netmask": "255.255.0.0", "gateway": "10.9.0.1",
             "dns": ["10.9.0.2", "10.9.0.3"], "domain": "lab.example", "hostname": "n7",
             "next-server": "10.9.0.4", "filename": "x.0", "mac": "02:00:00:00:00:01",
             "options": {"43": "01:02:aa:bb", "175": "be0161", "66": "7466"}}
    ended = run("echo ${ip} ${netmask} ${net0.dhcp/gateway} ${dns} ${domain} ${hostname}\n"
                "echo ${next-server} ${filename} ${mac} ${43.1:hex} ${username} ${66:string}\n"
                "set net0/gateway 10.9.0.9\nroute\nifclose\nisset ${net0/ip} || echo closed\n"
                "dhcp\necho again ${net0/ip}\n",
                "--dhcp", "dhcp.json", files={"dhcp.json": json.dumps(lease).encode()})
    lines = ended.out.splitlines()
    assert "10.9.0.7 255.255.0.0 10.9.0.1 10.9.0.2 lab.example n7" in lines
    assert "10.9.0.4 x.0 02:00:00:00:00:01 aa:bb a tf" in lines
    assert "net0: 10.9.0.7/255.255.0.0 gw 10.9.0.9" in lines
    assert "closed" in lines and "again 10.9.0.7" in lines


@pytest.mark.parametrize("text, message", [
    ('{"ip": 5}', '"ip": not a string'),
    ('{"ip": "10.0.0"}', '"ip": not an IPv4 address'),
    ('{"ip": "10.0.0.1", "gatway": "x"}', '"gatway": no such member'),
    ('{"options": {"67": "0g"}}', '"67": a number'),
    ('{"options": {"256": "00"}}', '"256": a number'),
    ('{"mac": "52:54"}', '"mac": not a MAC address'),
    ('{"ip": "10.0.0.1"', "line 1: '}' or ','"),
    ('{\n"ip"\n}', "line 3: ':' is missing"),
    ("[" * 100, "nested too deeply"),
    ("", "not a JSON object"),
])
def test_a_dhcp_file_that_is_wrong(run, text, message):
    ended = run("exit\n", "--dhcp", "dhcp.json", files={"dhcp.json": text.encode()}, status=2)
    assert message in ended.err


def test_time_does_not_pass_where_nobody_types(run):
    ended = run("sleep 80000\nprompt --timeout 5000 Key? || echo nobody\nmenu Choose\nitem a A\n"
                "item b B\nchoose --default b --timeout 3000 x && echo chosen ${x}\n")
    assert "\nnobody\n" in ended.out and "\nchosen b\n" in ended.out


def test_a_wait_for_a_key_ends_the_run(run):
    ended = run("menu\nitem a A\nchoose x\n", status=1)
    assert "End: waits for a key" in ended.out and "\x1b" not in ended.out


@pytest.mark.parametrize("command, end", [("reboot", "reboot"), ("poweroff", "poweroff")])
def test_other_ends(run, command, end):
    assert json.loads(run(f"{command}\n", "--json").out)["end"] == end


def test_mac_address_and_settings_from_outside(run):
    ended = run("echo ${net0/mac} ${mac:hexhyp} ${n:int8} ${platform}\n", "--set",
                "mac=02:00:00:00:00:02", "--set", "n:int8=7")
    assert "\n02:00:00:00:00:02 02-00-00-00-00-02 7 pcbios\n" in ended.out


@pytest.mark.parametrize("options", [["--set", "x"], ["--set", "=x"], ["--tap", "t"], ["--nosuch"],
                                     ["extra"]])
def test_options_that_make_no_sense(run, options):
    assert "usage: hawser" in run("exit\n", *options, status=2).err


def test_a_value_that_does_not_fit(run):
    assert "--set n:int8: Could not store" in run("", "--set", "n:int8=x", status=2).err
