// Verifies what eqm-replay proves over its event log by somebody else's code: golang.org/x/mod's notes and trees.
//
//	verify tlog-proof FILE VERIFIERKEY EVENTID     a C2SP tlog-proof of an event
//	verify checkpoint FILE VERIFIERKEY             a signed checkpoint
//	verify consistency FIRST FIRSTROOT SECOND SECONDROOT HASH...
//
// Hashes of events and consistency are hexadecimal. Prints what was verified; exit status 1 says that it was not.
package main

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

// openCheckpoint verifies the note's signature and reads its three lines.
func openCheckpoint(text []byte, key string) (checkpoint, error) {
	var c checkpoint
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return c, err
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return c, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return c, errors.New("not three lines of the key's log")
	}
	c.origin = lines[0]
	if c.size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return c, err
	}
	c.root, err = tlog.ParseHash(lines[2])
	return c, err
}

func verifyProof(text []byte, key, eventID string) error {
	parts := strings.SplitN(string(text), "\n\n", 2)
	if len(parts) != 2 {
		return errors.New("no empty line")
	}
	lines := strings.Split(parts[0], "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return errors.New("not a tlog-proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(hash) != tlog.HashSize {
			return errors.New("not a hash: " + line)
		}
		proof = append(proof, tlog.Hash(*(*[tlog.HashSize]byte)(hash)))
	}
	c, err := openCheckpoint([]byte(parts[1]), key)
	if err != nil {
		return err
	}
	id, err := hex.DecodeString(eventID)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, c.size, c.root, index, tlog.RecordHash(id)); err != nil {
		return err
	}
	fmt.Printf("event %d of %d of %s\n", index, c.size, c.origin)
	return nil
}

func verifyConsistency(arguments []string) error {
	var sizes [2]int64
	var hashes []tlog.Hash
	for place, text := range arguments {
		if place == 0 || place == 2 {
			size, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return err
			}
			sizes[place/2] = size
			continue
		}
		hash, err := hex.DecodeString(text)
		if err != nil || len(hash) != tlog.HashSize {
			return errors.New("not a hash: " + text)
		}
		hashes = append(hashes, tlog.Hash(*(*[tlog.HashSize]byte)(hash)))
	}
	if len(hashes) < 2 {
		return errors.New("two sizes and two roots")
	}
	if err := tlog.CheckTree(tlog.TreeProof(hashes[2:]), sizes[1], hashes[1], sizes[0], hashes[0]); err != nil {
		return err
	}
	fmt.Printf("%d begins with %d\n", sizes[1], sizes[0])
	return nil
}

func run(arguments []string) error {
	if len(arguments) < 3 {
		return errors.New("usage: see the head of this file")
	}
	if arguments[0] == "consistency" {
		return verifyConsistency(arguments[1:])
	}
	text, err := os.ReadFile(arguments[1])
	if err != nil {
		return err
	}
	if arguments[0] == "checkpoint" {
		c, err := openCheckpoint(text, arguments[2])
		if err == nil {
			fmt.Printf("%d %x of %s\n", c.size, c.root[:], c.origin)
		}
		return err
	}
	if arguments[0] != "tlog-proof" || len(arguments) != 4 {
		return errors.New("usage: see the head of this file")
	}
	return verifyProof(text, arguments[2], arguments[3])
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
