package io.heliosdb.nano.wire;

import io.heliosdb.nano.session.Notification;
import java.util.List;

/// Encodes NotificationResponse messages outside the dialogue's own buffer.
final class NotificationEncoder {
  private NotificationEncoder() {}

  static byte[] encode(List<Notification> notifications) {
    MessageWriter writer = new MessageWriter();
    for (Notification notification : notifications) {
      writer.notification(notification.pid(), notification.channel(), notification.payload());
    }
    return writer.sink().toByteArray();
  }
}
