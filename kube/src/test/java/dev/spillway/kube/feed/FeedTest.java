package dev.spillway.kube.feed;

import static dev.spillway.kube.feed.FeedScript.FAST;
import static dev.spillway.kube.feed.FeedScript.NAMESPACES;
import static dev.spillway.kube.feed.FeedScript.await;
import static dev.spillway.kube.feed.FeedScript.bookmark;
import static dev.spillway.kube.feed.FeedScript.brings;
import static dev.spillway.kube.feed.FeedScript.bringsAndBreaks;
import static dev.spillway.kube.feed.FeedScript.bringsAndEnds;
import static dev.spillway.kube.feed.FeedScript.error;
import static dev.spillway.kube.feed.FeedScript.event;
import static dev.spillway.kube.feed.FeedScript.gives;
import static dev.spillway.kube.feed.FeedScript.isWatch;
import static dev.spillway.kube.feed.FeedScript.list;
import static dev.spillway.kube.feed.FeedScript.object;
import static dev.spillway.kube.feed.FeedScript.server;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.loopback.LoopbackServer;
import dev.spillway.kube.loopback.LoopbackServer.Call;
import dev.spillway.kube.translate.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class FeedTest {
    @TempDir
    private Path folder;

    private final Told told = new Told();

    private Feed feed(ApiClient client, Set<Kind> kinds, FeedSettings settings) {
        return new Feed(client, kinds, settings, told, ObjectListener.NONE);
    }

    @Test
    void firstAllPagesThenListedThenEachChange() throws Exception {
        try (var server = server(
                        List.of(
                                gives(list(10, "p 2", object("a", "1", 5), object("b", "2", 6))),
                                gives(list(10, "", object("c", "3", 7)))),
                        List.of(brings(
                                event("ADDED", object("d", "4", 11)),
                                event("MODIFIED", object("a", "1", 12)),
                                bookmark(20),
                                event("DELETED", object("b", "2", 21)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(told.next(7))
                    .containsExactly("seen a 5", "seen b 6", "seen c 7", "listed", "seen d 11", "seen a 12", "gone b");
            assertThat(feed.awaitListed(1, TimeUnit.SECONDS)).isTrue();
            assertThat(server.calls())
                    .extracting(Call::path)
                    .startsWith("/api/v1/namespaces?limit=2", "/api/v1/namespaces?limit=2&continue=p+2");
            assertThat(server.calls().getLast().path())
                    .startsWith(
                            "/api/v1/namespaces?watch=1&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=");
        }
    }

    @Test
    void aBrokenWatchGoesOnWhereItWas() throws Exception {
        try (var server = server(
                        List.of(gives(list(10, ""))),
                        List.of(
                                bringsAndBreaks(event("ADDED", object("a", "1", 11)), bookmark(30)),
                                brings(event("ADDED", object("b", "2", 31)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(told.next(3)).containsExactly("listed", "seen a 11", "seen b 31");
            assertThat(server.calls()).filteredOn(call -> !isWatch(call)).hasSize(1);
            assertThat(server.calls().getLast().path()).contains("resourceVersion=30");
        }
    }

    @Test
    void afterTooOldEverythingIsListedAndTheMissingAreGone() throws Exception {
        try (var server = server(
                        List.of(
                                gives(list(10, "", object("a", "1", 5), object("b", "2", 6))),
                                gives(list(50, "", object("a", "1", 5), object("c", "3", 40)))),
                        List.of(brings(error(410)), brings(event("MODIFIED", object("c", "3", 51)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(told.next(6))
                    .containsExactly("seen a 5", "seen b 6", "listed", "seen c 40", "gone b", "seen c 51");
            assertThat(feed.problems()).isEmpty();
        }
    }

    @Test
    void tooOldAsAnHttpStatusIsTheSame() throws Exception {
        try (var server = server(
                        List.of(gives(list(10, "")), gives(list(50, "", object("a", "1", 40)))),
                        List.of(call -> call.respond(410, "{\"kind\":\"Status\",\"code\":410}"), brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(told.next(2)).containsExactly("listed", "seen a 40");
        }
    }

    @Test
    void whatCannotBeReadLeadsToANewList() throws Exception {
        try (var server = server(
                        List.of(gives(list(10, "")), gives(list(50, "", object("a", "1", 40)))),
                        List.of(bringsAndEnds("{\"type\":\"ADDED\",\"object\":{\"metadata\":}}\n"), brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(told.next(2)).containsExactly("listed", "seen a 40");
        }
    }

    @Test
    void halfAListIsNoList() throws Exception {
        try (var server = server(
                        List.of(
                                call -> {
                                    call.startChunks(200);
                                    call.chunk("{\"items\":[" + object("a", "1", 5));
                                    call.hangUp();
                                },
                                gives(list(10, "", object("b", "2", 6)))),
                        List.of(brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(told.next(2)).containsExactly("seen b 6", "listed");
        }
    }

    @Test
    void aPeriodicListRepairsWhatTheWatchLostInSilence() throws Exception {
        var settings =
                new FeedSettings(Duration.ofMillis(100), FAST.longestSilence(), FAST.watchLength(), FAST.pauses(), 500);
        try (var server = server(
                        List.of(gives(list(10, "", object("a", "1", 5))), gives(list(20, "", object("b", "2", 15)))),
                        List.of(brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, settings)) {
            feed.start();

            assertThat(told.next(4)).containsExactly("seen a 5", "listed", "seen b 15", "gone a");
            assertThat(server.calls()).filteredOn(FeedScript::isWatch).hasSize(1);
        }
    }

    @Test
    void aPodMadeAnewInAGapIsGoneFirst() throws Exception {
        var pod =
                "{\"metadata\":{\"namespace\":\"n\",\"name\":\"p\",\"uid\":\"%s\",\"resourceVersion\":\"%d\"},\"spec\":{}}";
        try (var server = server(
                        List.of(
                                gives(list(10, "", pod.formatted("u1", 5))),
                                gives(list(50, "", pod.formatted("u2", 40)))),
                        List.of(brings(error(410)), brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, EnumSet.of(Kind.PODS), FAST)) {
            feed.start();

            assertThat(told.next(4)).containsExactly("seen n/p u1", "listed", "gone n/p u1", "seen n/p u2");
        }
    }

    @Test
    void anUnknownKindHoldsUpTheWholeListAndSaysWhatToApply() throws Exception {
        var defined = new AtomicBoolean();
        try (var server = new LoopbackServer(call -> {
                    if (isWatch(call)) {
                        brings().handle(call);
                    } else if (call.path().startsWith("/apis/spillway.dev/") && !defined.get()) {
                        call.respond(404, "404 page not found\n");
                    } else {
                        call.respond(200, list(10, ""));
                    }
                });
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, EnumSet.of(Kind.REGIONS, Kind.NAMESPACES), FAST)) {
            feed.start();
            assertThat(feed.awaitListed(200, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(feed.problems())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "The cluster does not know regions.spillway.dev: apply the custom resource definitions");

            defined.set(true);

            assertThat(told.next(1)).containsExactly("listed");
            assertThat(feed.problems()).isEmpty();
        }
    }

    @Test
    void whatOnlySomePodsNeedHoldsNothingUp() throws Exception {
        var granted = new AtomicBoolean();
        try (var server = new LoopbackServer(call -> {
                    if (isWatch(call)) {
                        brings().handle(call);
                    } else if (call.path().startsWith("/apis/policy/") && !granted.get()) {
                        call.respond(403, "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"no\"}");
                    } else if (call.path().contains("csinodes")) {
                        call.respond(404, "404 page not found\n");
                    } else {
                        call.respond(200, list(10, "", object("a", "1", 5)));
                    }
                });
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, EnumSet.of(Kind.DISRUPTION_BUDGETS, Kind.CSI_NODES), FAST)) {
            feed.start();
            assertThat(told.next(1)).containsExactly("listed");
            assertThat(feed.problems()).isEmpty();

            granted.set(true); // the role is applied while we run

            assertThat(told.next(1)).singleElement().asString().startsWith("DisruptionBudgetSeen");
        }
    }

    @Test
    void aKindThatDisappearsTakesNothingWithIt() throws Exception {
        try (var server = server(
                        List.of(
                                gives(list(10, "", object("a", "1", 5))),
                                call -> call.respond(404, "404 page not found")),
                        List.of(brings(error(410))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();
            assertThat(told.next(2)).containsExactly("seen a 5", "listed");

            assertThat(told.nextWithin(300)).isNull();
            assertThat(feed.problems()).hasSize(1);
        }
    }

    @Test
    void othersGetWholeObjectsToo() throws Exception {
        var objects = new CopyOnWriteArrayList<String>();
        var listener = new ObjectListener() {
            @Override
            public void seen(Kind kind, JsonNode object) {
                objects.add("seen " + object.at("/metadata/labels/v").asText());
            }

            @Override
            public void gone(Kind kind, String namespace, @Nullable String name) {
                objects.add("gone " + name);
            }
        };
        try (var server = server(
                        List.of(gives(list(10, "", object("a", "1", 5)))),
                        List.of(brings(event("DELETED", object("a", "1", 11)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = new Feed(client, NAMESPACES, FAST, told, listener)) {
            feed.start();
            told.next(3);

            assertThat(objects).startsWith("seen 5");
            await("two objects", () -> objects.size() >= 2);
            assertThat(objects).containsExactly("seen 5", "gone a");
        }
    }

    @Test
    void closingEndsAReadUnderWay() throws Exception {
        try (var server = server(List.of(gives(list(10, ""))), List.of(brings()));
                var client = new ApiClient(server.connection(folder), 2)) {
            var feed = feed(client, NAMESPACES, FAST);
            feed.start();
            told.next(1);
            int requests = server.calls().size();

            feed.close();

            assertThat(told.nextWithin(200)).isNull();
            assertThat(server.calls()).hasSizeLessThanOrEqualTo(requests + 1);
        }
    }
}
