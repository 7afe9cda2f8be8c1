package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.LabelSyntax;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.Tags;
import dev.spillway.core.port.Tokens;
import dev.spillway.regions.protocol.JsonFields;
import dev.spillway.regions.protocol.MalformedException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose a pod in the region is: written onto it when it is made, and read back from what the region says, which is not trusted: a pod is ours
 * only where labels, annotation and name all agree. Immutable.
 */
public final class Ownership {
    static final int TOKEN_LABEL = 40;

    private static final int WORD = 253;
    private static final int LONGEST_TAGS = 8 * 1024;
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{64}");
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Tags tags;
    private final @Nullable Token
            oddToken; // null where the tags tell it, as they do of nearly every pod: it is the longest part

    /**
     * That of a pod.
     *
     * @param token that asked for it
     */
    public Ownership(Tags tags, Token token) {
        this(tags, token.equals(Tokens.of(tags)), token);
    }

    private Ownership(Tags tags, boolean isTold, @Nullable Token token) {
        this.tags = tags;
        this.oddToken = isTold ? null : token;
    }

    /** What it carries. */
    public Tags tags() {
        return tags;
    }

    /** The token that asked for it. */
    public Token token() {
        return oddToken == null ? Tokens.of(tags) : oddToken;
    }

    /** What a token's label says, by which a pod is looked for. */
    public static String label(Token token) {
        return token.value().substring(0, TOKEN_LABEL);
    }

    /** What keeps it from being written, as one line; null where nothing does. */
    @Nullable
    String problem() {
        if (!LabelSyntax.isValue(tags.clusterId())
                || !LabelSyntax.isValue(tags.podUid().value())) {
            return "metadata.uid: the UIDs of the pod and of its cluster cannot be values of labels";
        }
        return TOKEN.matcher(token().value()).matches() ? null : "the token is not one of 64 hexadecimal digits";
    }

    void writeOnto(ObjectNode labels, ObjectNode annotations) {
        labels.put(Keys.CLUSTER, tags.clusterId())
                .put(Keys.POD_UID, tags.podUid().value())
                .put(Keys.TOKEN, label(token()));
        annotations.put(Keys.TAGS, text());
    }

    private String text() {
        var offer = tags.offer();
        return JsonNodeFactory.instance
                .objectNode()
                .put("cluster", tags.clusterId())
                .put("podUid", tags.podUid().value())
                .put("namespace", tags.pod().namespace())
                .put("pod", tags.pod().name())
                .put("region", offer.region().value())
                .put("zone", offer.zone().value())
                .put("computeClass", offer.computeClass())
                .put("computeQos", offer.computeQos())
                .put("gpuModel", offer.gpuModel())
                .put("spot", offer.spot())
                .put("policy", tags.policy())
                .put("generation", tags.generation())
                .put("unit", tags.unit())
                .put("incarnation", tags.incarnation())
                .put("token", token().value())
                .toString();
    }

    /** Reads it from a pod of the region; empty where it is not one that this cluster asked this region for. */
    public static Optional<Ownership> read(JsonNode pod, String clusterId, RegionId region) {
        var metadata = pod.path("metadata");
        var labels = metadata.path("labels");
        var text = metadata.path("annotations").path(Keys.TAGS);
        if (!text.isTextual() || text.textValue().length() > LONGEST_TAGS) {
            return Optional.empty();
        }
        Ownership read;
        try {
            read = parse(text.textValue());
        } catch (MalformedException | JsonProcessingException e) {
            return Optional.empty();
        }
        var token = read.token();
        boolean agrees = read.tags.clusterId().equals(clusterId)
                && read.tags.offer().region().equals(region)
                && is(labels, Keys.CLUSTER, clusterId)
                && is(labels, Keys.POD_UID, read.tags.podUid().value())
                && is(labels, Keys.TOKEN, label(token))
                && is(metadata, "name", Naming.pod(read.tags.pod().name(), token));
        return agrees ? Optional.of(read) : Optional.empty();
    }

    /** The same, its offer shared with other pods. */
    public Ownership sharing(Alike<Offer> offers) {
        var shared = new Tags(
                tags.clusterId(),
                tags.podUid(),
                tags.pod(),
                offers.of(tags.offer()),
                tags.policy(),
                tags.generation(),
                tags.unit(),
                tags.incarnation());
        return new Ownership(shared, oddToken == null, oddToken);
    }

    private static boolean is(JsonNode object, String field, String value) {
        return value.equals(object.path(field).textValue());
    }

    // Fields that are not known are ignored, so that a later release can add some.
    private static Ownership parse(String text) throws JsonProcessingException {
        var json = JsonFields.of("The annotation", STRICT.readTree(text));
        var token = json.text("token", 64);
        if (!TOKEN.matcher(token).matches()) {
            throw new MalformedException("The annotation has no token.");
        }
        var offer = new Offer(
                new RegionId(json.text("region", WORD)),
                new ZoneId(json.text("zone", WORD)),
                json.text("computeClass", WORD),
                json.text("computeQos", WORD),
                orEmpty(json.optionalText("gpuModel", WORD)),
                Boolean.TRUE.equals(json.optionalFlag("spot")));
        var tags = new Tags(
                json.text("cluster", WORD).intern(), // these texts are the home pod's or shared by many pods
                new PodUid(json.text("podUid", WORD).intern()),
                new PodKey(
                        json.text("namespace", WORD).intern(),
                        json.text("pod", WORD).intern()),
                offer,
                orEmpty(json.optionalText("policy", WORD)).intern(),
                json.integer("generation", 0, Long.MAX_VALUE),
                (int) json.integer("unit", 0, Integer.MAX_VALUE),
                (int) json.integer("incarnation", 0, Integer.MAX_VALUE));
        return new Ownership(tags, new Token(token));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ownership that && tags.equals(that.tags) && Objects.equals(oddToken, that.oddToken);
    }

    @Override
    public int hashCode() {
        return tags.hashCode();
    }

    @Override
    public String toString() {
        return tags + " " + token();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
