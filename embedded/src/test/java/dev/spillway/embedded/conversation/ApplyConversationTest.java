package dev.spillway.embedded.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.StoreSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ApplyConversationTest {

    private static final String DEFINITIONS = "/dev/spillway/embedded/http/definitions/";

    @TestFactory
    Stream<DynamicTest> storeAnswersAppliesAsTheRealServerDid() throws IOException, URISyntaxException {
        StoreSettings settings = settings();
        Path folder = Path.of(Objects.requireNonNull(getClass().getResource("/conversations-apply"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString(), () -> ConversationTest.hold(file, settings)));
        }
    }

    private static StoreSettings settings() throws IOException {
        List<ResourceType> types = new ArrayList<>(ResourceType.standard());
        types.add(ResourceType.CONFIG_MAPS);
        types.add(ConversationTest.THINGS);
        List<JsonNode> definitions = new ArrayList<>();
        YAMLMapper yaml = new YAMLMapper();
        for (String name : List.of("regions.spillway.dev", "resourcepolicies.scheduling.alibabacloud.com")) {
            String file = DEFINITIONS + name + ".yaml";
            try (InputStream stream = ApplyConversationTest.class.getResourceAsStream(file)) {
                definitions.add(yaml.readTree(Objects.requireNonNull(stream, file)));
            }
        }
        return new StoreSettings(7, types, 1_000).withDefinitions(definitions).withOwners();
    }
}
