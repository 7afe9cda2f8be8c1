package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.Names;
import dev.spillway.core.port.Tags;

/**
 * What a home pod says of where it runs. Whoever rules the region can write a pod there that claims to run some pod of the home cluster, so what a
 * pod there is given counts only where the home pod says itself that it runs there, as that very pod. Pure.
 */
public final class HomeWord {
    private HomeWord() {}

    /**
     * Whether the home pod says so.
     *
     * @param home the pod at home, as its API server has it
     * @param tags that the pod in the region carries
     * @param pod that pod
     */
    public static boolean saysItRunsAs(JsonNode home, Tags tags, PodId pod) {
        var offer = tags.offer();
        var annotations = home.at("/metadata/annotations");
        return tags.podUid().value().equals(home.at("/metadata/uid").asText())
                && Names.nodeOf(offer.zone().value())
                        .value()
                        .equals(home.at("/spec/nodeName").asText())
                && offer.region().value().equals(annotations.path(Names.REGION).asText())
                && pod.instance()
                        .value()
                        .equals(annotations.path(Names.INSTANCE_ID).asText());
    }
}
