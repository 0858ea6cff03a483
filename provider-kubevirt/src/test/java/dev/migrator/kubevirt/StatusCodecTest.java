package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusCodecTest {

  private final KubernetesSerialization serialization = new KubernetesSerialization();
  private final StatusCodec codec = new StatusCodec(serialization);

  static IntStream formats() {
    return IntStream.rangeClosed(1, StatusCodec.FORMAT);
  }

  @ParameterizedTest(name = "format {0}")
  @MethodSource("formats")
  void everyFormatThatWasEverWrittenStaysReadable(int format) {
    assertThat(codec.decode(SampleStatus.text(format))).isEqualTo(SampleStatus.full());
  }

  @Test
  @DisplayName("What is written today is the newest sample; if it is not, the format is a new one")
  void nobodyChangesTheFormatSilently() {
    assertThat(tree(codec.encode(SampleStatus.full())))
        .isEqualTo(tree(SampleStatus.text(StatusCodec.FORMAT)));
  }

  @Test
  void theSampleHasAValueForEveryComponent() {
    for (var component : VmStatus.class.getRecordComponents()) {
      assertThat(SampleStatus.full())
          .extracting(component.getName())
          .as(component.getName())
          .isNotNull();
    }
  }

  @Test
  void whatIsAbsentIsNotWritten() {
    String text = codec.encode(VmStatus.builder("p", "1", new VmRef("a", "b")).build());

    assertThat(text).doesNotContain("null", "handedOver", "waiting", "failure", "due");
    assertThat(codec.decode(text).handedOver()).isNull();
  }

  @Test
  void aNewerFormatIsRefusedWithWhatToDo() {
    String newer = SampleStatus.text(1).replace("\"formatVersion\": 1", "\"formatVersion\": 2");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.decode(newer))
        .withMessage(
            "its format is 2, and this release of the library reads up to 1; use the release that"
                + " wrote it, or a newer one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s3cret",
        "[]",
        "\"s3cret\"",
        "{}",
        "{\"formatVersion\": \"s3cret\"}",
        "{\"formatVersion\": 0}",
        "{\"formatVersion\": 1}"
      })
  void whatIsNoStatusIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.decode(text))
        .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("s3cret"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"state\": \"ENDING\" -> \"state\": \"s3cret\"",
        "\"state\": \"ENDING\" -> \"stale\": \"ENDING\"",
        "\"attempts\": 3 -> \"attempts\": 3.5",
        "\"attempts\": 3 -> \"attempts\": \"3\"",
        "\"attempts\": 3 -> \"attempts\": null",
        "\"version\": 17 -> \"version\": true",
        "\"handedOver\": \"2026-01-02T03:04:08Z\" -> \"handedOver\": \"s3cret\"",
        "\"handedOver\": \"2026-01-02T03:04:08Z\" -> \"handedOver\": 1",
        "\"facts\": {\"attempt\": \"1\" -> \"facts\": {\"attempt\": 1",
        "\"uid\": \"0b1d\" -> \"id\": \"0b1d\"",
        "\"warnings\": [ -> \"warnings\": [1, ",
        "\"vm\": { -> \"vm\": 1, \"vm2\": {"
      })
  @DisplayName("A field that was damaged is named and never read as absent; its value is not told")
  void nothingGetsLost(String change) {
    String[] both = change.split(" -> ");
    String damaged = SampleStatus.text(1).replace(both[0], both[1]);
    assertThat(damaged).isNotEqualTo(SampleStatus.text(1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.decode(damaged))
        .withMessageContaining("its field '")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
  }

  private Map<?, ?> tree(String json) {
    return serialization.unmarshal(json, Map.class);
  }
}
