package dev.spillway.kube.translate;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of object that the core is told of, in the order in which they are best delivered: what pods are judged by
 * comes before the pods.
 */
public enum Kind {
    /** One object only: the ConfigMap with the profile of region pods. */
    PROFILES("/api/v1/namespaces/kube-system", "configmaps", "ConfigMap", false),
    STORAGE_CLASSES("/apis/storage.k8s.io/v1", "storageclasses", "StorageClass", false),
    CSI_NODES("/apis/storage.k8s.io/v1", "csinodes", "CSINode", false),
    VOLUMES("/api/v1", "persistentvolumes", "PersistentVolume", false),
    CLAIMS("/api/v1", "persistentvolumeclaims", "PersistentVolumeClaim", true),
    DISRUPTION_BUDGETS("/apis/policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", true),
    NAMESPACES("/api/v1", "namespaces", "Namespace", false),
    REGIONS("/apis/spillway.dev/v1alpha1", "regions", "Region", false),
    NODES("/api/v1", "nodes", "Node", false),
    RESOURCE_POLICIES("/apis/scheduling.alibabacloud.com/v1alpha1", "resourcepolicies", "ResourcePolicy", true),
    PODS("/api/v1", "pods", "Pod", true);

    private final String api;
    private final String plural;
    private final String singular;
    private final boolean namespaced;

    Kind(String api, String plural, String singular, boolean namespaced) {
        this.api = api;
        this.plural = plural;
        this.singular = singular;
        this.namespaced = namespaced;
    }

    /** The path of the collection; of a kind with namespaces, over all of them. */
    public String path() {
        return api + "/" + plural;
    }

    /** The field selector that picks the kind's objects out of its collection; empty where all are meant. */
    public String fieldSelector() {
        return this == PROFILES ? "metadata.name=eci-profile" : "";
    }

    /** The same as the end of a query that has begun. */
    public String restriction() {
        return fieldSelector().isEmpty() ? "" : "&fieldSelector=" + ApiRequest.segment(fieldSelector());
    }

    /** The path of one object; the namespace is empty where the kind has none. */
    public String path(String namespace, String name) {
        return namespaced
                ? api + "/namespaces/" + ApiRequest.segment(namespace) + "/" + plural + "/" + ApiRequest.segment(name)
                : path() + "/" + ApiRequest.segment(name);
    }

    /** The value of {@code kind} in its objects. */
    public String singular() {
        return singular;
    }

    /** The name of the definition that a server needs to know the kind, null where Kubernetes itself brings it. */
    public @Nullable String definition() {
        return switch (this) {
            case REGIONS, RESOURCE_POLICIES -> plural + "." + api.split("/", -1)[2];
            case PROFILES, STORAGE_CLASSES, CSI_NODES, VOLUMES, CLAIMS, DISRUPTION_BUDGETS, NAMESPACES, NODES, PODS ->
                null;
        };
    }

    /** Where its objects cannot be read, what does not work; null where nothing would. */
    public @Nullable String missedFor() {
        return switch (this) {
            case PROFILES -> "the defaults of eci-profile are not applied";
            case STORAGE_CLASSES, CSI_NODES, VOLUMES, CLAIMS -> "pods with volume claims are not placed on real nodes";
            case DISRUPTION_BUDGETS -> "preemption does not respect disruption budgets";
            case NAMESPACES, REGIONS, NODES, RESOURCE_POLICIES, PODS -> null;
        };
    }
}
