package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

type caller struct {
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
	Role    string `json:"role"`
	Expires int64  `json:"exp"`
}

// tokens verifies each access token once, with its issuer's public key.
type tokens struct {
	sync.RWMutex
	issuers map[string]string
	known   map[string]caller
}

func newTokens(issuers map[string]string) *tokens {
	return &tokens{issuers: issuers, known: map[string]caller{}}
}

var errToken = errors.New("the access token is not valid")

func (t *tokens) callerOf(r *http.Request) (caller, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	t.RLock()
	known, ok := t.known[token]
	t.RUnlock()
	if ok && known.Expires > time.Now().Unix() {
		return known, nil
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return caller{}, errToken
	}
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	var claims caller
	if json.Unmarshal(payload, &claims) != nil || claims.Expires <= time.Now().Unix() {
		return caller{}, errToken
	}
	key, err := t.keyOf(claims.Issuer)
	if err != nil || !ed25519.Verify(key, []byte(parts[0]+"."+parts[1]), signature) {
		return caller{}, errToken
	}
	t.Lock()
	t.known[token] = claims
	t.Unlock()
	return claims, nil
}

func (t *tokens) keyOf(issuer string) (ed25519.PublicKey, error) {
	url, ok := t.issuers[issuer]
	if !ok {
		return nil, errToken
	}
	response, err := http.Get(url + "/.well-known/jwks.json")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var set struct {
		Keys []struct{ X string }
	}
	if json.NewDecoder(response.Body).Decode(&set) != nil || len(set.Keys) == 0 {
		return nil, errToken
	}
	return base64.RawURLEncoding.DecodeString(set.Keys[0].X)
}
