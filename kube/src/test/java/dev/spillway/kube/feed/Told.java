package dev.spillway.kube.feed;

import dev.spillway.core.step.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a feed tells, in words, in order. */
final class Told implements Consumer<Event> {
    private final BlockingQueue<String> words = new LinkedBlockingQueue<>();

    @Override
    public void accept(Event event) {
        words.add(
                switch (event) {
                    case Event.NamespaceSeen it ->
                        "seen " + it.name() + " " + it.labels().getOr("v", "");
                    case Event.NamespaceGone it -> "gone " + it.name();
                    case Event.PodGone it -> "gone " + it.pod() + " " + it.uid();
                    case Event.PodSeen it ->
                        "seen " + it.pod().key() + " " + it.pod().uid();
                    case Event.ClusterListed it -> "listed";
                    default -> event.toString();
                });
    }

    /** The next so many; a failure where they do not come. */
    List<String> next(int count) throws InterruptedException {
        var list = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var event = words.poll(10, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("only " + list);
            }
            list.add(event);
        }
        return list;
    }

    /** The next if it comes so soon, else null. */
    @Nullable
    String nextWithin(int millis) throws InterruptedException {
        return words.poll(millis, TimeUnit.MILLISECONDS);
    }
}
