package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.migrator.model.Progress;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

  @Test
  void whatIsUnknownIsLeftAloneAndWhatIsAbsentIsEmpty() {
    Map<String, Object> json = new HashMap<>();
    json.put("plan", "p");
    json.put("run", "1");
    json.put("vm", Map.of("namespace", "a", "name", "b", "born", 2031));
    json.put("state", "PENDING");
    json.put("mood", "good");

    assertThat(RecordCodec.read(VmStatus.class, json))
        .isEqualTo(VmStatus.builder("p", "1", new VmRef("a", "b")).build());
  }

  @Test
  void whatTheRecordItselfRefusesIsRefusedInItsWords() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> RecordCodec.read(Progress.class, Map.of("completed", 3, "total", 2, "unit", "x")))
        .withMessageContaining("Progress 3 of 2 x is impossible");
  }

  @Test
  void aValueWithoutAFormIsRefusedWhenItIsWritten() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordCodec.write(Duration.ZERO))
        .withMessageContaining("java.time.Duration");
  }
}
