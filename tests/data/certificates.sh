#!/bin/bash
# Certificates for the tests of TLS, good ones and one for each way of being bad.
#
#   tests/data/certificates.sh FOLDER
#
# NAME.pem is what a server sends (its own certificate first), NAME.key its private key; root.crt is
# the root that tests trust. Dates are fixed: the tests' clocks are set between 2021 and 2039.
set -euo pipefail
mkdir -p "$1/issued"
cd "$1"

cat >ca.cnf <<'END'
[ca]
default_ca = one
[one]
database = index
rand_serial = yes
unique_subject = no
new_certs_dir = issued
default_md = sha256
policy = any
[any]
commonName = supplied
END
: >index
server='subjectAltName = DNS:boot.example, DNS:*.wild.example, IP:10.77.0.1
basicConstraints = CA:FALSE
keyUsage = digitalSignature
extendedKeyUsage = serverAuth'
authority='basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign'

# key NAME [ec|rsa:BITS]
key() {
  case ${2:-ec} in
  ec) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" ;;
  ec384) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out "$1.key" ;;
  rsa:*) openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa:}" -out "$1.key" ;;
  esac 2>/dev/null
}

# issue NAME ISSUER EXTENSIONS [FROM [UNTIL [DIGEST]]]: NAME.crt for NAME.key; ISSUER may be NAME.
# `signing` has more options of `openssl ca`.
signing=()
issue() {
  local name=$1 issuer=$2 signer
  printf '%s\n' "$3" >extensions
  openssl req -new -key "$name.key" -subj "/CN=Test $name" -out request
  if [[ $name == "$issuer" ]]; then signer=(-selfsign); else signer=(-cert "$issuer.crt"); fi
  openssl ca -batch -notext -config ca.cnf -in request -out "$name.crt" -keyfile "$issuer.key" \
    "${signer[@]}" -extfile extensions -startdate "${4:-20200101000000Z}" \
    -enddate "${5:-20400101000000Z}" -md "${6:-sha256}" "${signing[@]}" 2>log || { cat log >&2; exit 1; }
}

# chain NAME [AUTHORITY...]: NAME.pem
chain() {
  local name=$1 part
  for part in "$@"; do cat "$part.crt"; done >"$name.pem"
}

key root && issue root root "$authority"
key middle && issue middle root "$authority"
key good && issue good middle "$server" && chain good middle root
key good384 ec384 && issue good384 middle "$server" && chain good384 middle root
key goodrsa rsa:2048 && issue goodrsa middle "$server" && chain goodrsa middle root
key expired && issue expired middle "$server" 20200101000000Z 20210101000000Z &&
  chain expired middle root
key future && issue future middle "$server" 20390101000000Z && chain future middle root
other=${server//boot.example, DNS:\*.wild.example, IP:10.77.0.1/other.example}
key otherhost && issue otherhost middle "$other" && chain otherhost middle root
key selfsigned && issue selfsigned selfsigned "$server" && chain selfsigned
key root2 && issue root2 root2 "$authority"
key unknown && issue unknown root2 "$server" && chain unknown root2
cp good.key missing.key && cp good.crt missing.crt && chain missing
cp good.key rootless.key && cp good.crt rootless.crt && chain rootless middle
key sha1 && issue sha1 middle "$server" 20200101000000Z 20400101000000Z sha1 && chain sha1 middle root
key rsa1024 rsa:1024 && issue rsa1024 middle "$server" && chain rsa1024 middle root
key usage && issue usage middle "${server/serverAuth/clientAuth}" && chain usage middle root
key keyusage && issue keyusage middle "${server/digitalSignature/keyAgreement}" &&
  chain keyusage middle root
key notca && issue notca good "$server" && chain notca good middle root
# Authorities with name constraints.
only() { printf '%s\nnameConstraints = critical, %s\n' "$authority" "$1"; }
inside='subjectAltName = DNS:a.wild.example, IP:10.77.0.1'
key fence && issue fence root "$(only 'permitted;DNS:wild.example, permitted;IP:10.77.0.0/255.255.255.0')"
key inside && issue inside fence "$inside" && chain inside fence root
key outside && issue outside fence "$server" && chain outside fence root
key elsewhere && issue elsewhere fence 'subjectAltName = IP:10.78.0.1' && chain elsewhere fence root
key hole && issue hole root "$(only 'excluded;DNS:hole.wild.example')"
key inhole && issue inhole hole "$server" && chain inhole hole root
key people && issue people root "$(only 'permitted;email:wild.example')"
key mailer && issue mailer people "$inside, email:me@wild.example" && chain mailer people root
key named
key names && issue names root "$(only 'permitted;dirName:only')
[only]
commonName = test NAMED"
issue named names "$inside" && chain named names root
key misnamed && issue misnamed names "$inside" && chain misnamed names root
key critical && issue critical middle "$server
1.2.3.4 = critical, ASN1:NULL" && chain critical middle root

# Incomplete chains, and the client's end.
key aia && issue aia middle "$server
authorityInfoAccess = caIssuers;URI:http://10.77.0.1/middle.der" && chain aia
openssl x509 -in middle.crt -outform DER -out middle.der
key client && issue client middle "${server/serverAuth/clientAuth}" && chain client middle
key clientrsa rsa:2048 && issue clientrsa middle "${server/serverAuth/clientAuth}" &&
  chain clientrsa middle
for name in client clientrsa; do
  openssl x509 -in $name.crt -outform DER -out $name.der
  openssl pkcs8 -topk8 -nocrypt -in $name.key -outform DER -out $name.key.der
done
openssl crl2pkcs7 -nocrl -certfile good.pem -outform DER -out good.p7

# More than anybody needs.
mapfile -t hundred < <(yes middle | head -99)
cp good.key many.key && cp good.crt many.crt && chain many "${hundred[@]}"
key huge && issue huge middle "$server
1.2.3.4 = ASN1:FORMAT:HEX,OCT:$(printf '%02000000d' 0)" && chain huge middle root

key short && issue short root "${authority/CA:TRUE/CA:TRUE, pathlen:0}"
key below && issue below short "$authority"
key pathlen && issue pathlen below "$server" && chain pathlen below short root

# Of an RSA authority: a long key, and a signature by RSASSA-PSS.
key rsaca rsa:2048 && issue rsaca root "$authority"
key good4096 rsa:4096 && issue good4096 rsaca "$server" && chain good4096 rsaca root
cp goodrsa.key goodpss.key
signing=(-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32)
issue goodpss rsaca "$server" && chain goodpss rsaca root
signing=()

# RSA all the way, for clients that know nothing else.
key rsaroot rsa:2048 && issue rsaroot rsaroot "$authority"
cp goodrsa.key allrsa.key && issue allrsa rsaroot "$server" && chain allrsa rsaroot

# Answers about revocation (OCSP), and who may give them. NAME.ocsp is for a server to staple.
key revoked && issue revoked middle "$server" && chain revoked middle root
openssl ca -config ca.cnf -revoke revoked.crt -keyfile middle.key -cert middle.crt \
  -crl_reason keyCompromise 2>log
key demanding && issue demanding middle "$server
tlsfeature = critical, status_request" && chain demanding middle root
key responder && issue responder middle 'extendedKeyUsage = OCSPSigning'
key noresponder && issue noresponder middle 'extendedKeyUsage = serverAuth'
key oldresponder && issue oldresponder middle 'extendedKeyUsage = OCSPSigning' 20200101000000Z \
  20210101000000Z
key otherresponder && issue otherresponder root2 'extendedKeyUsage = OCSPSigning'
# answer FILE NAME BY [OPTION...]: about NAME, which middle has issued
answer() {
  local file=$1 name=$2 by=$3
  shift 3
  openssl ocsp -index index -CA middle.crt -rsigner "$by.crt" -rkey "$by.key" \
    -issuer middle.crt -cert "$name.crt" -ndays 7 "$@" -respout "$file" >log 2>&1 ||
    { cat log >&2; exit 1; }
}
answer good.ocsp good middle
answer revoked.ocsp revoked middle
answer demanding.ocsp demanding responder

# For signed files.
code='basicConstraints = CA:FALSE
keyUsage = digitalSignature
extendedKeyUsage = codeSigning'
key signer && issue signer middle "$code"
key signer384 ec384 && issue signer384 middle "$code"
key signerrsa rsa:2048 && issue signerrsa middle "$code"
key oldsigner && issue oldsigner middle "$code" 20200101000000Z 20210101000000Z
key stranger && issue stranger root2 "$code"
key nousage && issue nousage middle 'basicConstraints = CA:FALSE'
key nosign && issue nosign middle "${code/digitalSignature/keyAgreement}"
