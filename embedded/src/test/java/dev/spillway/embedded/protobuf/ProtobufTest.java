package dev.spillway.embedded.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.embedded.api.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** The bodies are those of kubectl 1.37.2. */
final class ProtobufTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static void assertRead(String body, String json) throws IOException {
        assertThat(JSON.readTree(Protobuf.read(Base64.getDecoder().decode(body)).toString()))
                .isEqualTo(JSON.readTree(json.replace('\'', '"')));
    }

    @Test
    void kubectlCreateNamespace() throws IOException {
        assertRead(
                "azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhsKEwoDZm9vEgAaACIAKgAyADgAQgASABoCCgAaACIA",
                "{'kind':'Namespace','apiVersion':'v1','metadata':{'name':'foo'},'spec':{},'status':{}}");
    }

    @Test
    void kubectlCreateConfigMap() throws IOException {
        assertRead(
                "azhzAAoPCgJ2MRIJQ29uZmlnTWFwEiIKGAoBYxIAGgdkZWZhdWx0IgAqADIAOABCABIGCgFhEgFiGgAiAA==",
                "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'c','namespace':'default'},'data':{'a':'b'}"
                        + "}");
    }

    @Test
    void numbersAndTextsOfOneField() throws IOException {
        assertRead(
                "azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSPQoYCgFiEgAaB2RlZmF1bHQiACoAMgA4AEIAEhUSCAoGCgFh"
                        + "EgFiGgkIARAAGgM1MCUaCggAGAAgACgAMAAaACIA",
                "{'kind':'PodDisruptionBudget','apiVersion':'policy/v1','metadata':{'name':'b','namespace':'default'}"
                        + ",'spec':{'selector':{'matchLabels':{'a':'b'}},'maxUnavailable':'50%'},'status':{'disruptio"
                        + "nsAllowed'"
                        + ":0,'currentHealthy':0,'desiredHealthy':0,'expectedPods':0}}");
    }

    @Test
    void kubectlCreateDeployment() throws IOException {
        assertRead(
                "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50Eq4BCiIKAWQSABoHZGVmYXVsdCIAKgAyADgAQgBaCAoDYXBwEgFkEnoIAhIKCggK"
                        + "A2FwcBIBZBpiChoKABIAGgAiACoAMgA4AEIAWggKA2FwcBIBZBJEEiYKAXgSAXgqADIKCgAQABhQIgAqAEIAagByAI"
                        + "ABAIgBAJAB"
                        + "AKIBABoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAoADgAGgAiAA==",
                "{'kind':'Deployment','apiVersion':'apps/v1','metadata':{'name':'d','namespace':'default','labels':{'"
                        + "app':'d'}},'spec':{'replicas':2,'selector':{'matchLabels':{'app':'d'}},'template':{'metada"
                        + "ta':{'labe"
                        + "ls':{'app':'d'}},'spec':{'containers':[{'name':'x','image':'x','ports':[{'containerPort':8"
                        + "0}],'resou"
                        + "rces':{}}]}},'strategy':{}},'status':{}}");
    }

    @Test
    void kubectlCreateJob() throws IOException {
        assertRead(
                "azhzAAoPCghiYXRjaC92MRIDSm9iEoMBChgKAWoSABoHZGVmYXVsdCIAKgAyADgAQgASXTJbChAKABIAGgAiACoAMgA4AEIAEkcS"
                        + "JAoBahIBeBoFc2xlZXAaATEqAEIAagByAIABAIgBAJABAKIBABoFTmV2ZXIyAEIASgBSAFgAYABoAIIBAIoBAJoBAM"
                        + "IBABoIIAAo"
                        + "ADAAOgAaACIA",
                "{'kind':'Job','apiVersion':'batch/v1','metadata':{'name':'j','namespace':'default'},'spec':{'templat"
                        + "e':{'metadata':{},'spec':{'containers':[{'name':'j','image':'x','command':['sleep','1'],'r"
                        + "esources':"
                        + "{}}],'restartPolicy':'Never'}}},'status':{}}");
    }

    @Test
    void whatIsCutOffOrNoneIsRefused() {
        byte[] whole =
                Base64.getDecoder().decode("azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhsKEwoDZm9vEgAaACIAKgAyADgAQgASABoCCgAaACIA");
        for (int length = 0; length < 12; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            if (length != 4) { // no more than the first four say is an object that says nothing
                assertThatThrownBy(() -> Protobuf.read(part)).isInstanceOf(Failure.class);
            }
        }
        assertThatThrownBy(() -> Protobuf.read("{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("protobuf");
    }
}
