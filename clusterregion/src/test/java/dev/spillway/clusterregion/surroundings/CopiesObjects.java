package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.clusterregion.mapping.References.Kind;
import dev.spillway.clusterregion.mapping.References.Reference;
import dev.spillway.core.model.Names;
import dev.spillway.core.port.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** What the worlds of copies are made of. */
final class CopiesObjects {
    static final String CLUSTER = "cluster-1";
    static final String NAMESPACE = "cluster-1-default";
    static final String OTHER_CLUSTER = "cluster-2";
    static final List<String> TYPES = List.of("Opaque", "example.com/keys");
    private static final String CLUSTER_LABEL = "spillway.dev/cluster";
    private static final String POD_LABEL = "spillway.dev/pod-uid";
    private static final String TOKEN_OF_ACCOUNT = "kubernetes.io/service-account-token";

    private CopiesObjects() {}

    /** Whose an object is that stands in the place of a copy. */
    enum Stranger {
        NOBODYS,
        /** It lets one in as an account of the region. */
        TOKEN_OF_ACCOUNT,
        TOKENS_OF_ANOTHER_POD,
        TOKENS_OF_ANOTHER_CLUSTERS_POD,
        COPY_OF_ANOTHER_CLUSTER;

        static List<Stranger> of(Kind kind) {
            return kind == Kind.SECRET ? List.of(values()) : List.of(NOBODYS, COPY_OF_ANOTHER_CLUSTER);
        }

        ObjectNode object(Reference reference) {
            var object = CopiesObjects.object(
                    reference, "a stranger's", this == TOKEN_OF_ACCOUNT ? CopiesObjects.TOKEN_OF_ACCOUNT : "Opaque");
            object.withObject("/metadata").put("namespace", NAMESPACE);
            var labels = object.withObject("/metadata/labels");
            switch (this) {
                case NOBODYS, TOKEN_OF_ACCOUNT -> labels.put("app", "a stranger's");
                case TOKENS_OF_ANOTHER_POD -> labels.put(CLUSTER_LABEL, CLUSTER).put(POD_LABEL, "uid-x");
                case TOKENS_OF_ANOTHER_CLUSTERS_POD ->
                    labels.put(CLUSTER_LABEL, OTHER_CLUSTER).put(POD_LABEL, "uid-x");
                case COPY_OF_ANOTHER_CLUSTER -> labels.put(CLUSTER_LABEL, OTHER_CLUSTER);
            }
            return object;
        }
    }

    static boolean isOurs(ObjectNode object) {
        return cluster(object).equals(CLUSTER) && !isOfAPod(object);
    }

    /** Whether no pod of ours may run by it. */
    static boolean isBarred(ObjectNode object) {
        return type(object).equals(TOKEN_OF_ACCOUNT)
                || isOfAPod(object)
                || (!cluster(object).isEmpty() && !cluster(object).equals(CLUSTER));
    }

    private static String cluster(ObjectNode object) {
        return object.path("metadata").path("labels").path(CLUSTER_LABEL).asText();
    }

    private static boolean isOfAPod(ObjectNode object) {
        return object.path("metadata").path("labels").has(POD_LABEL);
    }

    /** Empty for a ConfigMap. */
    static String type(ObjectNode object) {
        return object.path("type").asText();
    }

    static List<Reference> references() {
        var references = new ArrayList<Reference>();
        for (var kind : Kind.values()) {
            for (var name : List.of("a", "b", "c", "d")) {
                references.add(new Reference(kind, name));
            }
        }
        return references;
    }

    static References references(Set<Reference> named) {
        var optional = new TreeMap<Reference, Boolean>();
        named.forEach(reference -> optional.put(reference, false));
        return new References(optional);
    }

    static ObjectNode homePod(String name, Set<Reference> named) {
        var pod = ObjectsPlay.object("""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "default", "uid": "uid-%s"},
             "spec": {"containers": [{"name": "nginx", "image": "nginx:1.27"}]}, "status": {"phase": "Pending"}}
            """.formatted(name, name));
        var from = ((ObjectNode) pod.at("/spec/containers/0")).putArray("envFrom");
        for (var reference : named) {
            var field = reference.kind() == Kind.SECRET ? "secretRef" : "configMapRef";
            from.addObject().putObject(field).put("name", reference.name());
        }
        return pod;
    }

    /** As it is once it is bound. */
    static ObjectNode bound(ObjectNode pod, Tags tags, PodId id) {
        var offer = tags.offer();
        pod.withObject("/spec")
                .put("nodeName", Names.nodeOf(offer.zone().value()).value());
        pod.withObject("/metadata/annotations")
                .put(Names.REGION, offer.region().value())
                .put(Names.INSTANCE_ID, id.instance().value());
        return pod;
    }

    /** An object of that content; a ConfigMap has no type. */
    static ObjectNode object(Reference reference, String value, String type) {
        var object = ObjectsPlay.object("""
            {"apiVersion": "v1", "kind": "%s", "metadata": {"name": "%s"}, "data": {"value": "%s"}}
            """.formatted(reference.kind().kind(), reference.name(), value));
        return reference.kind() == Kind.SECRET ? object.put("type", type) : object;
    }
}
