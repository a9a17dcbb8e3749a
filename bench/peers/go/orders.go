package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

type item struct {
	DishID         string `json:"dishId" bson:"dishId"`
	Name           string `json:"name" bson:"name"`
	Quantity       int    `json:"quantity" bson:"quantity"`
	UnitPriceCents int    `json:"unitPriceCents" bson:"unitPriceCents"`
}
type location struct {
	Lat float64 `json:"lat" bson:"lat"`
	Lng float64 `json:"lng" bson:"lng"`
}
type address struct {
	Label      string   `json:"label,omitempty" bson:"label,omitempty"`
	Line1      string   `json:"line1" bson:"line1"`
	City       string   `json:"city" bson:"city"`
	PostalCode string   `json:"postalCode" bson:"postalCode"`
	Country    string   `json:"country" bson:"country"`
	Location   location `json:"location" bson:"location"`
}
type actor struct {
	Role string `json:"role" bson:"role"`
	ID   string `json:"id" bson:"id"`
}
type event struct {
	Sequence    int       `json:"sequence" bson:"sequence"`
	Type        string    `json:"type" bson:"type"`
	From        string    `json:"from" bson:"from"`
	To          string    `json:"status" bson:"to"`
	Actor       actor     `json:"-" bson:"actor"`
	PrepMinutes int       `json:"-" bson:"prepMinutes,omitempty"`
	At          time.Time `json:"at" bson:"at"`
}
type order struct {
	ID                  string     `json:"orderId" bson:"_id"`
	CustomerID          string     `json:"customerId" bson:"customerId"`
	IdempotencyKey      string     `json:"-" bson:"idempotencyKey"`
	RequestHash         string     `json:"-" bson:"requestHash"`
	RestaurantID        string     `json:"restaurantId" bson:"restaurantId"`
	RestaurantName      string     `json:"restaurantName" bson:"restaurantName"`
	RestaurantAddress   address    `json:"-" bson:"restaurantAddress"`
	DeliveryAddress     address    `json:"deliveryAddress" bson:"deliveryAddress"`
	Items               []item     `json:"items" bson:"items"`
	SubtotalCents       int        `json:"subtotalCents" bson:"subtotalCents"`
	DeliveryFeeCents    int        `json:"deliveryFeeCents" bson:"deliveryFeeCents"`
	TotalCents          int        `json:"totalCents" bson:"totalCents"`
	Currency            string     `json:"currency" bson:"currency"`
	Status              string     `json:"status" bson:"status"`
	Version             int        `json:"version" bson:"version"`
	PlacedAt            time.Time  `json:"placedAt" bson:"placedAt"`
	AcceptBy            time.Time  `json:"acceptBy" bson:"acceptBy"`
	ReadyAt             *time.Time `json:"readyAt,omitempty" bson:"readyAt,omitempty"`
	EstimatedDeliveryAt time.Time  `json:"estimatedDeliveryAt" bson:"estimatedDeliveryAt"`
	PrepMinutes         int        `json:"-" bson:"prepMinutes"`
	HandoverPin         string     `json:"handoverPin,omitempty" bson:"handoverPin"`
	Outbox              []bson.M   `json:"-" bson:"outbox"`
	OutboxDueAt         *time.Time `json:"-" bson:"outboxDueAt,omitempty"`
	Events              []event    `json:"-" bson:"events"`
}
type quote struct {
	RestaurantID     string  `json:"restaurantId"`
	RestaurantName   string  `json:"restaurantName"`
	Address          address `json:"address"`
	Currency         string  `json:"currency"`
	DeliveryFeeCents int     `json:"deliveryFeeCents"`
	PrepMinutes      int     `json:"prepMinutes"`
	Items            []item  `json:"items"`
}
type placing struct {
	CustomerID      string  `json:"customerId"`
	IdempotencyKey  string  `json:"idempotencyKey"`
	RestaurantID    string  `json:"restaurantId"`
	Items           []item  `json:"items"`
	AddressID       string  `json:"addressId"`
	DeliveryAddress address `json:"deliveryAddress"`
}

func newID(prefix string) string {
	return fmt.Sprintf("%s_%010x%s", prefix, time.Now().UnixMilli(), randomHex(8))
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	text, _ := json.Marshal(body)
	w.WriteHeader(status)
	w.Write(text)
}

func problem(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/problem+json")
	text, _ := json.Marshal(map[string]any{"status": status, "code": code})
	w.WriteHeader(status)
	w.Write(text)
}

func (s *server) quoteFor(ctx context.Context, authorization string, p placing) (q quote, err error) {
	body, _ := json.Marshal(map[string]any{"restaurantId": p.RestaurantID, "items": p.Items, "dropoff": p.DeliveryAddress.Location})
	request, _ := http.NewRequestWithContext(ctx, "POST", s.restaurant+"/internal/quotes", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", authorization)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return q, err
	}
	defer response.Body.Close()
	err = json.NewDecoder(response.Body).Decode(&q)
	return q, err
}

const copyTTL = 10 * time.Second

// publish replaces the copy for pollers, and tells followers and the restaurant.
func (s *server) publish(ctx context.Context, o *order) {
	copied, _ := json.Marshal(o)
	message, _ := json.Marshal(o.Events[len(o.Events)-1])
	pipe := s.redis.Pipeline()
	pipe.Set(ctx, "live:status:"+o.ID, copied, copyTTL)
	pipe.Publish(ctx, "live:order:"+o.ID, message)
	pipe.Publish(ctx, "live:restaurant:"+o.RestaurantID, fmt.Sprintf(`{"id":%q,"version":%d}`, o.ID, o.Version))
	pipe.Exec(ctx)
}

func (s *server) place(w http.ResponseWriter, r *http.Request) {
	by, err := s.tokens.callerOf(r)
	if err != nil || by.Subject != "customer" {
		problem(w, 401, "INVALID_TOKEN")
		return
	}
	text, _ := io.ReadAll(io.LimitReader(r.Body, 100_000))
	var p placing
	if json.Unmarshal(text, &p) != nil || p.CustomerID == "" || p.IdempotencyKey == "" || len(p.Items) == 0 {
		problem(w, 422, "VALIDATION_FAILED")
		return
	}
	ctx := r.Context()
	hash := sha256.Sum256(text)
	once := bson.M{"customerId": p.CustomerID, "idempotencyKey": p.IdempotencyKey}
	var o order
	if s.orders.FindOne(ctx, once).Decode(&o) == nil {
		w.Header().Set("Idempotent-Replayed", "true")
		answer(w, 201, o)
		return
	}
	q, err := s.quoteFor(ctx, r.Header.Get("Authorization"), p)
	if err != nil {
		problem(w, 503, "DEPENDENCY_UNAVAILABLE")
		return
	}
	prices := map[string]item{}
	for _, priced := range q.Items {
		prices[priced.DishID] = priced
	}
	now := time.Now().UTC()
	pin := make([]byte, 2)
	rand.Read(pin)
	o = order{
		ID: newID("ord"), CustomerID: p.CustomerID, IdempotencyKey: p.IdempotencyKey,
		RequestHash:  base64.RawURLEncoding.EncodeToString(hash[:]),
		RestaurantID: q.RestaurantID, RestaurantName: q.RestaurantName, RestaurantAddress: q.Address,
		DeliveryAddress: p.DeliveryAddress, DeliveryFeeCents: q.DeliveryFeeCents, Currency: q.Currency,
		Status: "pending", Version: 1, PlacedAt: now, AcceptBy: now.Add(10 * time.Minute),
		EstimatedDeliveryAt: now.Add(time.Duration(q.PrepMinutes+15) * time.Minute), PrepMinutes: q.PrepMinutes,
		HandoverPin: fmt.Sprintf("%04d", (int(pin[0])<<8|int(pin[1]))%10_000), Outbox: []bson.M{},
		Events: []event{{Sequence: 1, Type: "placed", To: "pending", Actor: actor{"customer", p.CustomerID}, At: now}},
	}
	for _, asked := range p.Items {
		priced, ok := prices[asked.DishID]
		if !ok {
			problem(w, 422, "DISH_NOT_FOUND")
			return
		}
		o.Items = append(o.Items, item{asked.DishID, priced.Name, asked.Quantity, priced.UnitPriceCents})
		o.SubtotalCents += asked.Quantity * priced.UnitPriceCents
	}
	o.TotalCents = o.SubtotalCents + o.DeliveryFeeCents
	if _, err := s.orders.InsertOne(ctx, o); err != nil {
		if mongo.IsDuplicateKeyError(err) && s.orders.FindOne(ctx, once).Decode(&o) == nil {
			answer(w, 201, o)
			return
		}
		problem(w, 503, "DATABASE_UNAVAILABLE")
		return
	}
	s.publish(ctx, &o)
	answer(w, 201, o)
}

var moves = map[string]map[string]string{
	"pending":   {"accept": "accepted", "prepare": "preparing"},
	"accepted":  {"prepare": "preparing", "ready": "ready"},
	"preparing": {"ready": "ready"},
}

func (s *server) move(w http.ResponseWriter, r *http.Request) {
	by, err := s.tokens.callerOf(r)
	if err != nil || by.Subject != "restaurant" {
		problem(w, 401, "INVALID_TOKEN")
		return
	}
	var body struct {
		ActorID     string `json:"actorId"`
		PrepMinutes int    `json:"prepMinutes"`
	}
	if json.NewDecoder(io.LimitReader(r.Body, 100_000)).Decode(&body) != nil {
		problem(w, 422, "VALIDATION_FAILED")
		return
	}
	ctx := r.Context()
	for range 8 {
		var o order
		if s.orders.FindOne(ctx, bson.M{"_id": r.PathValue("id")}).Decode(&o) != nil || o.RestaurantID != body.ActorID {
			problem(w, 404, "ORDER_NOT_FOUND")
			return
		}
		to, ok := moves[o.Status][r.PathValue("action")]
		if !ok {
			problem(w, 409, "ILLEGAL_MOVE")
			return
		}
		now := time.Now().UTC()
		set := bson.M{"status": to, "version": o.Version + 1}
		if to == "ready" {
			set["readyAt"] = now
		} else if body.PrepMinutes > 0 {
			readyAt := now.Add(time.Duration(body.PrepMinutes) * time.Minute)
			set["prepMinutes"], set["readyAt"], set["estimatedDeliveryAt"] = body.PrepMinutes, readyAt, readyAt.Add(15*time.Minute)
		}
		made := event{o.Version + 1, to, o.Status, to, actor{"restaurant", body.ActorID}, body.PrepMinutes, now}
		err := s.orders.FindOneAndUpdate(ctx,
			bson.M{"_id": o.ID, "status": o.Status, "version": o.Version},
			bson.M{"$set": set, "$push": bson.M{"events": made}},
			options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&o)
		if errors.Is(err, mongo.ErrNoDocuments) {
			continue
		}
		if err != nil {
			problem(w, 503, "DATABASE_UNAVAILABLE")
			return
		}
		s.publish(ctx, &o)
		o.HandoverPin = ""
		answer(w, 200, o)
		return
	}
	problem(w, 409, "ORDER_BUSY")
}

func (s *server) status(w http.ResponseWriter, r *http.Request) {
	by, err := s.tokens.callerOf(r)
	if err != nil || by.Role != "customer" {
		problem(w, 401, "INVALID_TOKEN")
		return
	}
	ctx, id := r.Context(), r.PathValue("id")
	var o order
	found, err := s.redis.MGet(ctx, "live:status:"+id, "live:location:"+id).Result()
	if text, ok := first(found).(string); err == nil && ok && json.Unmarshal([]byte(text), &o) == nil {
	} else if s.orders.FindOne(ctx, bson.M{"_id": id}).Decode(&o) == nil {
		copied, _ := json.Marshal(o)
		s.redis.Set(context.WithoutCancel(ctx), "live:status:"+id, copied, copyTTL)
	}
	if o.CustomerID != by.Subject {
		problem(w, 404, "ORDER_NOT_FOUND")
		return
	}
	etag := fmt.Sprintf(`"v%d-%x"`, o.Version, o.EstimatedDeliveryAt.UnixMilli())
	w.Header().Set("Etag", etag)
	w.Header().Set("Cache-Control", "private, no-cache")
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	answer(w, 200, map[string]any{"orderId": o.ID, "status": o.Status, "version": o.Version, "readyAt": o.ReadyAt,
		"estimatedDeliveryAt": o.EstimatedDeliveryAt})
}

func first(values []any) any {
	if len(values) == 0 {
		return redis.Nil
	}
	return values[0]
}
