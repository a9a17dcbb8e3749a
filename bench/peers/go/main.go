// The peer in Go: a cached menu, and placing, moving and tracking an order, written plainly with net/http and the official
// drivers. It does what the services do for these requests, and nothing else: no dispatch, no webhooks, no archive.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

type server struct {
	redis      *redis.Client
	orders     *mongo.Collection
	limits     *limits
	tokens     *tokens
	restaurant string
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	ctx := context.Background()
	address := must(redis.ParseURL(os.Getenv("REDIS_URL")))
	uri := os.Getenv("MONGODB_URL")
	client := must(mongo.Connect(options.Client().ApplyURI(uri).SetMaxPoolSize(20)))
	orders := client.Database(os.Getenv("DATABASE")).Collection("orders")
	must(orders.Indexes().CreateMany(ctx, []mongo.IndexModel{
		{Keys: bson.D{{Key: "customerId", Value: 1}, {Key: "idempotencyKey", Value: 1}},
			Options: options.Index().SetUnique(true).SetName("placed_once")},
		{Keys: bson.D{{Key: "restaurantId", Value: 1}, {Key: "_id", Value: -1}}},
		{Keys: bson.D{{Key: "outboxDueAt", Value: 1}},
			Options: options.Index().SetPartialFilterExpression(bson.M{"outboxDueAt": bson.M{"$exists": true}})},
	}))
	s := &server{
		redis:      redis.NewClient(address),
		orders:     orders,
		tokens:     newTokens(map[string]string{"customer": os.Getenv("CUSTOMER_URL"), "restaurant": os.Getenv("RESTAURANT_URL")}),
		restaurant: os.Getenv("RESTAURANT_URL"),
	}
	s.limits = newLimits(s.redis)
	routes := http.NewServeMux()
	routes.HandleFunc("GET /health/ready", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ready")) })
	routes.HandleFunc("GET /v1/restaurants/{id}/menu", s.menu)
	routes.HandleFunc("POST /internal/orders", s.place)
	routes.HandleFunc("POST /internal/orders/{id}/{action}", s.move)
	routes.HandleFunc("GET /v1/orders/{id}/status", s.status)
	listener := &http.Server{
		Addr:        os.Getenv("HOST") + ":" + os.Getenv("PORT"),
		Handler:     around(s.limits, routes),
		IdleTimeout: 75 * time.Second,
	}
	log.Fatal(listener.ListenAndServe())
}
