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
        words.add(inWords(event));
    }

    private static String inWords(Event event) {
        if (event instanceof Event.NamespaceSeen it) {
            return "seen " + it.name() + " " + it.labels().getOr("v", "");
        }
        if (event instanceof Event.NamespaceGone it) {
            return "gone " + it.name();
        }
        if (event instanceof Event.PodGone it) {
            return "gone " + it.pod() + " " + it.uid();
        }
        if (event instanceof Event.PodSeen it) {
            return "seen " + it.pod().key() + " " + it.pod().uid();
        }
        return event instanceof Event.ClusterListed ? "listed" : event.toString();
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
