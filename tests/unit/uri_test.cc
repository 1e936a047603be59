// URIs: parsing, resolving (RFC 3986 §5.4 where scripts agree with it), writing.
#include "src/uri/uri.h"

#include <gtest/gtest.h>

namespace hawser {
namespace {

Uri parsed(std::string_view text) {
  auto uri = parse_uri(text);
  EXPECT_TRUE(uri.ok()) << text << ": " << uri.error().text;
  return uri.ok() ? uri.value() : Uri{};
}

TEST(Uri, SplitsIntoParts) {
  Uri uri = parsed("http://us%40er:p%3Aw@h.example:8080/a/b%20c.php?x=1&y=%2F#frag");
  EXPECT_EQ(uri.scheme, "http");
  EXPECT_EQ(uri.user, "us@er");
  EXPECT_EQ(uri.password, "p:w");
  EXPECT_EQ(uri.host, "h.example");
  EXPECT_EQ(uri.port, 8080);
  EXPECT_EQ(uri.path, "/a/b%20c.php");
  EXPECT_EQ(uri.query, "x=1&y=%2F");
  EXPECT_EQ(uri.fragment, "frag");
  EXPECT_EQ(display(uri), "http://h.example:8080/a/b%20c.php");
  EXPECT_EQ(image_name(uri), "b c.php");
}

TEST(Uri, ReadsTheFormsScriptsUse) {
  EXPECT_EQ(parsed("http://h").path, "");
  EXPECT_EQ(parsed("http://h").host, "h");
  EXPECT_EQ(parsed("http://h?x").query, "x");
  EXPECT_EQ(parsed("http://h:/x").port, std::nullopt);
  EXPECT_EQ(parsed("HTTP://H/x").scheme, "http");
  EXPECT_EQ(parsed("tftp://10.0.2.2//x").path, "//x");
  EXPECT_EQ(parsed("tftp://h/a:b").path, "/a:b");
  EXPECT_EQ(parsed("ib_srp:1:2").opaque, "1:2");
  EXPECT_EQ(parsed("a:b").scheme, "a");
  EXPECT_EQ(parsed("a:b").opaque, "b");
  EXPECT_EQ(parsed("./a:b").path, "./a:b");
  EXPECT_EQ(parsed("s3+x.y2://h/").scheme, "s3+x.y2");
  EXPECT_EQ(parsed("10.0.2.2:80/x").path, "10.0.2.2:80/x");
  EXPECT_EQ(parsed("//host/x").path, "//host/x");
  EXPECT_EQ(parsed("//host/x").host, "");
  EXPECT_EQ(parsed("file:///x").path, "/x");
  EXPECT_EQ(parsed("file://LABEL/x").host, "LABEL");
  EXPECT_EQ(parsed("http://[fe80::1%net0]:81/x").host, "fe80::1%net0");
  EXPECT_EQ(parsed("http://[fe80::1%25net0]/x").host, "fe80::1%net0");
  EXPECT_EQ(parsed("http://[fe80::1%net0]:81/x").port, 81);
  EXPECT_EQ(parsed("http://h/x?a##params=b").query, "a");
  EXPECT_EQ(parsed("http://h/x##params").fragment, "");
  EXPECT_EQ(parsed("x?").query, "");
  EXPECT_EQ(parsed("x").query, std::nullopt);
  EXPECT_EQ(parsed("http://h/\\Boot\\a b?c \"d\"").path, "/\\Boot\\a%20b");
  EXPECT_EQ(parsed("http://h/\\Boot\\a b?c \"d\"").query, "c%20%22d%22");
}

TEST(Uri, RefusesWhatHasNoMeaning) {
  for (std::string_view text :
       {"http://", "http:///x", "http://:80/x", "http://u@/x", "http://h:0/", "http://h:65536/",
        "http://h:8a/", "http://h:-1/", "http://[::1", "http://[::1]x/", "http://[h]/",
        "http://[::1%]/", "http://a%2Fb/", "http://a b/", "http://a\\b/", "file://u@/x",
        "http://h/a\r\nb", "\x7f"}) {
    auto uri = parse_uri(text);
    ASSERT_FALSE(uri.ok()) << text;
    EXPECT_EQ(uri.error().code, Errc::Invalid);
  }
  EXPECT_EQ(parse_uri("http:///x").error().text,
            "URI \"http:///x\": no host after \"//\" (is a setting in it empty?)");
}

TEST(Uri, WritesWhatItRead) {
  for (std::string_view text : {"http://h",
                                "http://h/",
                                "http://u:p@h:81/a?b#c",
                                "http://u@h/",
                                "tftp://10.0.2.2//x",
                                "http://[::1]/",
                                "http://[::1]:8/",
                                "http://[fe80::1%25net0]/",
                                "http://[::1%2525]/",
                                "file:x",
                                "data:,a?b",
                                "a/b",
                                "./a:b",
                                "/a",
                                "?q",
                                "#f",
                                "//h/x",
                                "",
                                "x?",
                                "http://h/%zz%41?%",
                                "file:/x",
                                "x:"})
    EXPECT_EQ(to_string(parsed(text)), text);
}

struct Resolved {
  std::string_view reference, expected;
};

TEST(Uri, ResolvesAsRfc3986Shows) {
  Uri base = parsed("http://a/b/c/d;p?q");
  for (auto [reference, expected] : {
           Resolved{"g:h", "g:h"},
           {"g", "http://a/b/c/g"},
           {"./g", "http://a/b/c/g"},
           {"g/", "http://a/b/c/g/"},
           {"/g", "http://a/g"},
           {"?y", "http://a/b/c/d;p?y"},
           {"g?y", "http://a/b/c/g?y"},
           {"#s", "http://a/b/c/d;p?q#s"},
           {"g#s", "http://a/b/c/g#s"},
           {"g?y#s", "http://a/b/c/g?y#s"},
           {";x", "http://a/b/c/;x"},
           {"", "http://a/b/c/d;p?q"},
           {".", "http://a/b/c/"},
           {"./", "http://a/b/c/"},
           {"..", "http://a/b/"},
           {"../", "http://a/b/"},
           {"../g", "http://a/b/g"},
           {"../..", "http://a/"},
           {"../../", "http://a/"},
           {"../../g", "http://a/g"},
           {"../../../g", "http://a/g"},
           {"../../../../g", "http://a/g"},
           {"g.", "http://a/b/c/g."},
           {".g", "http://a/b/c/.g"},
           {"g..", "http://a/b/c/g.."},
           {"..g", "http://a/b/c/..g"},
           {"./../g", "http://a/b/g"},
           {"./g/.", "http://a/b/c/g/."},  // dots past the front stay as written
           {"g/../h", "http://a/b/c/g/../h"},
           {"//g", "http://a//g"},  // a path, not a host
           {"g?y/../x", "http://a/b/c/g?y/../x"},
           {"http://x/y", "http://x/y"},
       })
    EXPECT_EQ(to_string(resolve(base, parsed(reference))), expected) << reference;
}

TEST(Uri, ResolvesAgainstUnusualBases) {
  EXPECT_EQ(to_string(resolve(parsed("http://u:p@h:8"), parsed("x"))), "http://u:p@h:8/x");
  EXPECT_EQ(to_string(resolve(parsed("tftp://10.0.2.2/"), parsed("a/b"))), "tftp://10.0.2.2/a/b");
  EXPECT_EQ(to_string(resolve(parsed("tftp://h//boot/x"), parsed("y"))), "tftp://h//boot/y");
  EXPECT_EQ(to_string(resolve(parsed("file:dir/x"), parsed("y"))), "file:dir/y");
  EXPECT_EQ(to_string(resolve(parsed("file:x"), parsed("/y"))), "file:/y");
  EXPECT_EQ(to_string(resolve(parsed("file:/x"), parsed("//y"))), "file:/y");
  EXPECT_EQ(to_string(resolve(parsed("a/b"), parsed("../c"))), "c");
}

TEST(Uri, NamesImages) {
  EXPECT_EQ(image_name(parsed("http://h/a/b.php?x=1")), "b.php");
  EXPECT_EQ(image_name(parsed("http://h/a/")), "");
  EXPECT_EQ(image_name(parsed("vmlinuz")), "vmlinuz");
  EXPECT_EQ(image_name(parsed("iscsi:10.0.0.1::::iqn")), "10.0.0.1::::iqn");
}

TEST(Uri, EncodesAndDecodesOnce) {
  EXPECT_EQ(percent_decode("a%20b%2G%4%%41"), "a b%2G%4%A");
  EXPECT_EQ(percent_decode("%2541"), "%41");
  EXPECT_EQ(percent_encode("a b\"\xc3\xa9\x01%41"), "a%20b%22%C3%A9%01%41");
}

}  // namespace
}  // namespace hawser
