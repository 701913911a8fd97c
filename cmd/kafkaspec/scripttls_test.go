package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// certificate is the command `certificate NAME FROM TO`: it writes NAME.pem, which is valid from the first day of one
// year to that of another, and its key, NAME.key.
func certificate(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: certificate NAME FROM TO")
	}
	var at []time.Time
	for _, year := range args[1:] {
		number, err := strconv.Atoi(year)
		ts.Check(err)
		at = append(at, time.Date(number, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: args[0]}, NotBefore: at[0],
		NotAfter: at[1], IsCA: true, BasicConstraintsValid: true}
	made, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	ts.Check(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	for _, file := range []struct {
		name  string
		block pem.Block
	}{
		{args[0] + ".pem", pem.Block{Type: "CERTIFICATE", Bytes: made}},
		{args[0] + ".key", pem.Block{Type: "PRIVATE KEY", Bytes: secret}},
	} {
		ts.Check(os.WriteFile(ts.MkAbs(file.name), pem.EncodeToMemory(&file.block), 0o600))
	}
}
