package dev.spillway.clusterregion.mapping;

/** Labels and annotations that objects of ours carry in the region's cluster. */
public final class Keys {
    /** All of them begin so; what a user wrote there is not taken along. */
    static final String OURS = "spillway.dev/";

    /** Label of pods, namespaces and copies: UID of the home cluster. */
    public static final String CLUSTER = "spillway.dev/cluster";

    /** Label of pods and of Secrets with their tokens: UID of the home pod. */
    public static final String POD_UID = "spillway.dev/pod-uid";

    /** Label of pods: the first {@value Ownership#TOKEN_LABEL} digits of the token, as many as are sure to be a label's value. */
    public static final String TOKEN = "spillway.dev/token";

    /** Annotation of pods: all tags and the whole token. */
    public static final String TAGS = "spillway.dev/tags";

    /** Annotation of pods: by name of container, the image as its user wrote it. */
    static final String IMAGES = "spillway.dev/home-images";

    /** Annotation of pods: what of the home pod was last passed on ({@link PassedOn}). */
    static final String PASSED_ON = "spillway.dev/passed-on";

    /** Annotation of namespaces: the home namespace that they stand for. */
    public static final String HOME_NAMESPACE = "spillway.dev/home-namespace";

    /** Annotation of copied ConfigMaps and Secrets: UID and version of the home object that they are a copy of. */
    public static final String HOME_VERSION = "spillway.dev/home-version";

    /** Annotation of Secrets with tokens: when these are to be renewed. */
    public static final String RENEWED_AT = "spillway.dev/renewed-at";

    static final String HOME_NAME = "spillway.dev/home-name";
    static final String HOME_UID = "spillway.dev/home-uid";
    static final String HOME_NODE = "spillway.dev/home-node";
    static final String HOME_SERVICE_ACCOUNT = "spillway.dev/home-service-account";

    private Keys() {}
}
