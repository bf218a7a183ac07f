"""The hardened template: the first one with what the guide's reader changed by hand."""

import pathlib

TEMPLATE = (pathlib.Path(__file__).parent / "template.yaml").read_text()

LEAST = """      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
      Policies:
        - PolicyName: index-arrivals
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "dynamodb:PutItem", Resource: !GetAtt Files.Arn}
              - Effect: Allow
                Action: ["sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:DeleteMessage"]
                Resource: !GetAtt Arrivals.Arn
"""

SAFE_BUCKET = """  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
      LoggingConfiguration: {DestinationBucketName: !Ref AccessLogs, LogFilePrefix: uploads/}
      PublicAccessBlockConfiguration:
        {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}

  AccessLogs:
    Type: AWS::S3::Bucket

  AccessLogsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref AccessLogs
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: logging.s3.amazonaws.com}
            Action: s3:PutObject
            Resource: !Sub "${AccessLogs.Arn}/*"
            Condition: {StringEquals: {"aws:SourceAccount": !Ref "AWS::AccountId"}}
"""


def hardened(template=TEMPLATE):
    bucket = "  Uploads:\n    Type: AWS::S3::Bucket\n"
    start = template.index('      ManagedPolicyArns: ["arn:aws:iam::aws:policy/job-function/SystemAdministrator"]')
    end = template.index("\n  Indexer:\n")
    template = template[:start] + LEAST + template[end:]
    assert bucket in template
    return template.replace(bucket, SAFE_BUCKET).replace("PointInTimeRecoveryEnabled: false", "PointInTimeRecoveryEnabled: true")
