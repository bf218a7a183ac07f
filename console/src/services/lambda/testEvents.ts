/** Events to try a function with, in the shapes that the services send. */
export const TEST_EVENTS: Readonly<Record<string, string>> = {
  "hello-world": JSON.stringify({ key1: "value1", key2: "value2", key3: "value3" }, null, 2),
  "s3-put": JSON.stringify(
    {
      Records: [
        {
          eventVersion: "2.1", eventSource: "aws:s3", awsRegion: "us-east-1", eventTime: "1970-01-01T00:00:00.000Z", eventName: "ObjectCreated:Put",
          s3: {
            s3SchemaVersion: "1.0", configurationId: "test",
            bucket: { name: "example-bucket", arn: "arn:aws:s3:::example-bucket" },
            object: { key: "test%2Fkey", size: 1024, eTag: "0123456789abcdef0123456789abcdef", sequencer: "0A1B2C3D4E5F678901" },
          },
        },
      ],
    },
    null, 2,
  ),
  sqs: JSON.stringify(
    {
      Records: [
        {
          messageId: "19dd0b57-b21e-4ac1-bd88-01bbb068cb78", receiptHandle: "MessageReceiptHandle", body: "Hello from SQS!", messageAttributes: {},
          attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1523232000000", SenderId: "123456789012", ApproximateFirstReceiveTimestamp: "1523232000001" },
          eventSource: "aws:sqs", eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:MyQueue", awsRegion: "us-east-1",
        },
      ],
    },
    null, 2,
  ),
  "config-item-change": JSON.stringify(
    {
      version: "1.0", resultToken: "none", eventLeftScope: false, accountId: "123456789012", configRuleName: "example", ruleParameters: "{\"debug\":\"true\"}",
      invokingEvent: JSON.stringify({
        messageType: "ConfigurationItemChangeNotification",
        configurationItem: {
          resourceType: "AWS::EC2::SecurityGroup", resourceId: "sg-0123456789abcdef0", configurationItemStatus: "OK", configurationItemCaptureTime: "1970-01-01T00:00:00.000Z", configuration: {},
        },
      }),
    },
    null, 2,
  ),
};
