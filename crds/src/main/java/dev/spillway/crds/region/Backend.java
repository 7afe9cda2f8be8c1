package dev.spillway.crds.region;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.spillway.crds.simulated.SimulatedBackend;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a region is reached. The type never changes: instances that one backend sold cannot be ended through another.
 * Immutable.
 *
 * @param endpoint base URL, without user, query and fragment; plain http on loopback only, since requests carry the
 *     specifications of pods. For a simulated region: the address of the simulated regions' server
 * @param requestTimeoutMillis deadline of one request, 1 to 600,000
 * @param simulated read by the simulated regions' server only
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.type == oldSelf.type",
        fieldPath = ".type",
        message = "a Region's backend type cannot change; delete the Region and create it anew")
@ValidationRule(
        value = "self.type != 'Simulated' || has(self.endpoint)",
        message = "a Simulated backend needs an endpoint, the base URL of the simulated regions' server")
@ValidationRule(
        value = "!has(self.endpoint) || self.endpoint.matches('^(https://[^/?#@[:space:]]+"
                + "|http://(localhost|127([.][0-9]{1,3}){3}|\\\\[::1\\\\])(:[0-9]{1,5})?)(/[^?#@[:space:]]*)?$')",
        fieldPath = ".endpoint",
        message = "the endpoint must be an https URL, or an http URL on a loopback address, without user, query and"
                + " fragment, such as http://127.0.0.1:8087")
@ValidationRule(
        value = "self.type != 'Kubernetes' || has(self.kubernetes)",
        message = "a Kubernetes backend needs settings: kubernetes.secretName names the Secret with its kubeconfig")
@ValidationRule(
        value = "(!has(self.simulated) || self.type == 'Simulated') && (!has(self.kubernetes)"
                + " || self.type == 'Kubernetes') && (!has(self.alibabaCloud) || self.type == 'AlibabaCloud')",
        message = "the backend has settings of another type; remove them or correct the type")
public record Backend(
        @Required @JsonPropertyDescription("Cannot be changed.")
        BackendType type,

        @JsonPropertyDescription("Base URL: https, or http on a loopback address. For Simulated, the address of the"
                + " simulated regions' server.")
        @Size(max = 512)
        @Nullable
        String endpoint,

        @JsonPropertyDescription("Deadline of one request.") @Default("10000") @Min(1) @Max(600_000)
        Integer requestTimeoutMillis,

        @JsonPropertyDescription("For Simulated: what the simulated regions' server plays.") @Nullable
        SimulatedBackend simulated,

        @JsonPropertyDescription("For Kubernetes.") @JsonInclude(Include.NON_NULL) @Nullable
        KubernetesBackend kubernetes,

        @JsonPropertyDescription("For AlibabaCloud.") @JsonInclude(Include.NON_NULL) @Nullable
        AlibabaCloudBackend alibabaCloud) {

    /** Kinds of backend. */
    public enum BackendType {
        /** Served by {@code spillway simulated-regions}. */
        @JsonProperty("Simulated")
        SIMULATED,
        /** Another Kubernetes cluster. */
        @JsonProperty("Kubernetes")
        KUBERNETES,
        /** Alibaba Cloud. */
        @JsonProperty("AlibabaCloud")
        ALIBABA_CLOUD
    }

    /** Settings of Alibaba Cloud as a region: none beyond the common ones. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record AlibabaCloudBackend() {}

    public Backend {
        requestTimeoutMillis = Objects.requireNonNullElse(requestTimeoutMillis, 10_000);
    }
}
