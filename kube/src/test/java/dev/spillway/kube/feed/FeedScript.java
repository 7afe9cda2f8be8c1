package dev.spillway.kube.feed;

import dev.spillway.core.model.Doubling;
import dev.spillway.kube.loopback.LoopbackServer;
import dev.spillway.kube.loopback.LoopbackServer.Call;
import dev.spillway.kube.translate.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** What API servers answer to a feed, and settings with which it does not wait long. */
final class FeedScript {
    static final FeedSettings FAST = new FeedSettings(
            Duration.ofHours(1),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            new Doubling(Duration.ofMillis(5), Duration.ofMillis(50)),
            2);
    static final Set<Kind> NAMESPACES = EnumSet.of(Kind.NAMESPACES);

    private FeedScript() {}

    static String object(String name, String uid, int version) {
        return """
            {"metadata":{"name":"%s","uid":"%s","resourceVersion":"%d","labels":{"v":"%d"}}}\
            """.formatted(name, uid, version, version);
    }

    static String list(int version, String next, String... items) {
        return """
            {"kind":"List","metadata":{"resourceVersion":"%d","continue":"%s"},"items":[%s]}\
            """.formatted(version, next, String.join(",", items));
    }

    static String event(String type, String object) {
        return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object);
    }

    static String bookmark(int version) {
        return event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"%d\"}}".formatted(version));
    }

    static String error(int code) {
        return event(
                "ERROR",
                "{\"kind\":\"Status\",\"code\":%d,\"reason\":\"Expired\",\"message\":\"too old\"}".formatted(code));
    }

    static boolean isWatch(Call call) {
        return call.path().contains("watch=1");
    }

    /** A server whose nth list and nth watch are answered by the given functions; later ones by the last. */
    static LoopbackServer server(List<LoopbackServer.Handler> lists, List<LoopbackServer.Handler> watches) {
        var listed = new AtomicInteger();
        var watched = new AtomicInteger();
        return new LoopbackServer(call -> {
            if (isWatch(call)) {
                watches.get(Math.min(watched.getAndIncrement(), watches.size() - 1))
                        .handle(call);
            } else {
                lists.get(Math.min(listed.getAndIncrement(), lists.size() - 1)).handle(call);
            }
        });
    }

    static LoopbackServer.Handler gives(String list) {
        return call -> call.respond(200, list);
    }

    /** A watch that brings these and then stays open. */
    static LoopbackServer.Handler brings(String... events) {
        return call -> {
            call.startChunks(200);
            for (var event : events) {
                call.chunk(event);
            }
        };
    }

    static LoopbackServer.Handler bringsAndEnds(String... events) {
        return call -> {
            brings(events).handle(call);
            call.endChunks();
        };
    }

    static LoopbackServer.Handler bringsAndBreaks(String... events) {
        return call -> {
            brings(events).handle(call);
            call.hangUp();
        };
    }

    /** A server that accepts each watch and ends it at once; what it lists grows by one at each list. */
    static LoopbackServer hollow(LoopbackServer.Handler watch) {
        var version = new AtomicInteger(10);
        return new LoopbackServer(call -> {
            if (isWatch(call)) {
                watch.handle(call);
            } else {
                int now = version.incrementAndGet();
                call.respond(200, list(now, "", object("a" + now, "u" + now, now)));
            }
        });
    }

    /** Waits until it holds; after 5 s that is a failure. */
    static void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 5 s: " + what);
            }
            Thread.onSpinWait();
        }
    }
}
