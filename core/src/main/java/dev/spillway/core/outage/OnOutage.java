package dev.spillway.core.outage;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import org.jspecify.annotations.Nullable;

/** What becomes of a pod whose region stays unreachable, as its workload chose by the annotation spillway.dev/on-region-outage (R29.3). */
enum OnOutage {
    /** It stays, where it may still run: without a word, and with one that is unknown here. */
    STAY("Stay"),

    /** It is deleted where its owner makes another one, which goes elsewhere. */
    MOVE("Move"),

    /** It stays, and is told how somebody can have it moved. */
    ASK("Ask");

    private final String word;

    OnOutage(String word) {
        this.word = word;
    }

    /** What the pod chose. */
    static OnOutage of(Pod pod) {
        for (var choice : values()) {
            if (pod.annotations().has(Names.ON_REGION_OUTAGE, choice.word)) {
                return choice;
            }
        }
        return STAY;
    }

    /** What the pod says where that is none of the words there are; null where it is one, or where it says nothing. */
    static @Nullable String unknownWord(Pod pod) {
        var said = pod.annotations().get(Names.ON_REGION_OUTAGE);
        return said == null || said.equals(of(pod).word) ? null : said;
    }
}
